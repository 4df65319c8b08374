"""policylab reads Chinese policy documents quantitatively: files to tables, tables to measures, measures to figures.

The public names are listed, by stage, in __init__.pyi, where type checkers and editors read them too. Each is imported
when it is first used, so that `import policylab` is quick.
"""

import lazy_loader

__version__ = "0.3.0"
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
