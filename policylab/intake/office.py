"""Old Word, WPS, RTF and OpenDocument files, which LibreOffice turns into .docx where it is installed."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from policylab.base.errors import PolicylabError
from policylab.intake.docx import read_docx
from policylab.intake.extracted import Extract

# Where LibreOffice is installed without being on the path.
_PLACES = [
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    r"C:\Program Files\LibreOffice\program\soffice.com",
    r"C:\Program Files (x86)\LibreOffice\program\soffice.com",
]
# Links in a document are not followed and macros do not run: what is converted comes from strangers.
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def find_libreoffice() -> str | None:
    """The program of LibreOffice, None where it is not installed."""
    for name in ("soffice", "libreoffice"):
        if found := shutil.which(name):
            return found
    return next((place for place in _PLACES if Path(place).is_file()), None)


def read_office(data: bytes, ending: str, what: str) -> Extract:
    """The text of a file that LibreOffice reads; `ending` and `what` say how it is called.

    Raises
    ------
    PolicylabError
        Where LibreOffice is missing or cannot read the file.
    """
    program = find_libreoffice()
    if program is None:
        raise PolicylabError(
            f"the file is {what}, which is read where LibreOffice is installed. Install it, or save the file as .docx"
        )
    with tempfile.TemporaryDirectory(prefix="policylab-", ignore_cleanup_errors=True) as folder:
        profile, source = Path(folder, "profile"), Path(folder, f"document{ending}")
        (profile / "user").mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(_SETTINGS, encoding="utf-8")
        source.write_bytes(data)
        # A profile of its own, so that a LibreOffice that is open elsewhere neither stops this one nor is touched.
        arguments = [f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", "--nolockcheck"]
        arguments += ["--convert-to", "docx:MS Word 2007 XML", "--outdir", folder, str(source)]
        subprocess.run(
            [program, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            preexec_fn=_free_memory if os.name == "posix" else None,
            check=False,
        )
        made = Path(folder, "document.docx")
        if not made.is_file():
            raise PolicylabError(
                f"the file is {what}, and LibreOffice cannot read it. Open it in Word or WPS, and save it as .docx"
            )
        return read_docx(made.read_bytes())


def _free_memory():
    """The limit of a reader is too narrow for LibreOffice, which reserves more address space than it uses."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (resource.getrlimit(resource.RLIMIT_AS)[1],) * 2)
