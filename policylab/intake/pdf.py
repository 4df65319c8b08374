"""PDF files with a text layer."""

from policylab.base.errors import PolicylabError
from policylab.intake.extracted import Builder, Extract


def read_pdf(data: bytes) -> Extract:
    """The text of a PDF file."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise PolicylabError(f"the PDF file is damaged: {error}") from None
    builder = Builder()
    for number, page in enumerate(document, 1):
        builder.mark("page", str(number))
        builder.add(page.get_textpage().get_text_bounded())
    return builder.finish()
