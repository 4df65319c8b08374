"""Archives of documents (.zip): every member by its own reader, archives in archives one level deep."""

from pathlib import PurePosixPath

from policylab.base.archive import open_archive
from policylab.base.errors import PolicylabError
from policylab.intake.extracted import Extract
from policylab.intake.recognise import choose_reader

# What macOS, Windows and office programs leave in archives.
_LITTER = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")


def read_file(data: bytes, name: str) -> list[Extract]:
    """What a file holds: one text, or that of every member of an archive."""
    reader = choose_reader(data, name)
    return [reader(data)] if callable(reader) else _read_members(data, "", 0)


def _read_members(data, folder, depth):
    extracts = []
    with open_archive(data) as archive:
        for member in archive.members:
            if _is_litter(member.name):
                continue
            name = f"{folder}{member.name}"
            try:
                content = archive.read(member)
                reader = choose_reader(content, member.name)
                if callable(reader):
                    extracts.append(reader(content)._replace(name=name))
                elif depth:
                    raise PolicylabError(
                        "the file is an archive in an archive in an archive. Unpack it, and give the folder"
                    )
                else:
                    extracts += _read_members(content, f"{name}/", depth + 1)
            except PolicylabError as error:
                extracts.append(Extract(name, "", (), {}, (f"{error}",)))
    if not extracts and not depth:
        raise PolicylabError("the archive holds no files")
    return extracts


def _is_litter(name):
    last = PurePosixPath(name).name
    return name.startswith(_LITTER[0]) or last in _LITTER or last.startswith(("._", "~$"))
