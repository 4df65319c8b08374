"""Write size and hash of every file that datapackage.json names into it: python data/describe.py"""

import hashlib
import json
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
PACKAGE = FOLDER / "datapackage.json"

package = json.loads(PACKAGE.read_text(encoding="utf-8"))
for resource in package["resources"]:
    data = (FOLDER / resource["path"]).read_bytes()
    resource["bytes"] = len(data)
    resource["hash"] = "sha256:" + hashlib.sha256(data).hexdigest()
PACKAGE.write_text(json.dumps(package, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n")
