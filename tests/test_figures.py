"""Figures: the same bytes, whole or not at all, with their numbers and their provenance; maps that add up."""

import hashlib
import io
import json
import os
import subprocess
import sys
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pypdf
import pytest
from marks import measure_lightness
from PIL import Image

import policylab as lab
from policylab.base.paths import PACKAGE
from policylab.base.regions import region_label, region_order
from policylab.language.labels import label
from policylab.output import figure as figures
from policylab.output.folder import read_manifest, settled_folder
from policylab.output.provenance import Provenance
from policylab.plots.kit import style  # noqa: F401 (figures: for the processes that import this file)
from policylab.plots.kit.style import COLOURS, FONT_SHA256, new_figure
from policylab.run.grading import compare_pictures
from policylab.run.verify import verify

RECORD = Provenance("01_corpus", {"language": "zh"}, "c" * 64, {}, FONT_SHA256)
NUMBERS = pd.DataFrame({"term": ["数字", "网络"], "share": [1 / 3, -0.0], "n": [2, 1]})
KINDS = ["csv", "pdf", "png", "svg"]


def draw(title="数字 digital “网络”"):
    figure = new_figure(89, 40, "zh")
    axes = figure.subplots()
    axes.bar(NUMBERS["term"], NUMBERS["n"])
    axes.set_title(title)
    return figure


def read_all(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def start(script, *arguments, **environment):
    command = [sys.executable, "-c", script, *map(str, arguments)]
    environment = os.environ | {"PYTHONPATH": str(PACKAGE.parent), "PYTHONUTF8": "1"} | environment
    return subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8"
    )


# --- save_figure


def test_the_same_figure_gives_the_same_bytes(tmp_path):
    figure = draw()
    lab.save_figure(figure, "terms-zh", NUMBERS, RECORD, folder=tmp_path / "a")
    # The same object: its layout must not move.
    lab.save_figure(figure, "terms-zh", NUMBERS, RECORD, folder=tmp_path / "b")
    lab.save_figure(draw(), "terms-zh", NUMBERS, RECORD, folder=tmp_path / "c")
    first = read_all(tmp_path / "a")
    assert sorted(first) == ["manifest.json", *(f"terms-zh.{kind}" for kind in KINDS)]
    assert read_all(tmp_path / "b") == first
    assert read_all(tmp_path / "c") == first


def test_other_processes_give_the_same_bytes(tmp_path):
    script = """if True:
        import sys
        import policylab as lab
        corpus = lab.load_corpus()
        record = lab.record_provenance(corpus, "01_corpus", {"catalog": "", "language": "en"})
        figure, data = lab.plot_structure(corpus, language="en")
        lab.save_figure(figure, "structure-en", data, record, folder=sys.argv[1])
        """
    processes = [start(script, tmp_path / seed, PYTHONHASHSEED=seed) for seed in ("0", "123")]
    assert [(process.communicate()[0], process.returncode) for process in processes] == [("", 0), ("", 0)]
    assert len(read_all(tmp_path / "0")) == 5
    assert read_all(tmp_path / "0") == read_all(tmp_path / "123")


def test_no_date_version_or_path_is_in_the_files(tmp_path):
    lab.save_figure(draw(), "terms", NUMBERS, RECORD, folder=tmp_path)
    for name, content in read_all(tmp_path).items():
        for trace in (
            b"CreationDate",
            b"Matplotlib v",
            b"matplotlib.org",
            b"dc:date",
            b"Software",
            str(tmp_path).encode(),
        ):
            assert trace not in content, (name, trace)


def test_pdf_embeds_truetype_and_keeps_text_and_size(tmp_path):
    saved = lab.save_figure(draw(), "terms", NUMBERS, RECORD, folder=tmp_path)
    page = pypdf.PdfReader(saved.files["pdf"]).pages[0]
    assert round(float(page.mediabox.width) / 72 * 25.4, 1) == 89
    assert "数字 digital “网络”" in page.extract_text()
    fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]
    assert {font["/Subtype"] for font in fonts} == {"/Type0"}
    for font in fonts:
        embedded = font["/DescendantFonts"][0].get_object()
        assert embedded["/Subtype"] == "/CIDFontType2" and "/FontFile2" in embedded["/FontDescriptor"]


def test_csv_holds_the_numbers_rounded(tmp_path):
    saved = lab.save_figure(draw(), "terms", NUMBERS, RECORD, folder=tmp_path)
    assert saved.files["csv"].read_bytes().decode("utf-8") == "\ufeffterm,share,n\n数字,0.333333,2\n网络,0.0,1\n"


def test_a_saved_figure_shows_its_bitmap(tmp_path):
    saved = lab.save_figure(draw(), "terms", NUMBERS, RECORD, folder=tmp_path)
    content, size = saved._repr_png_()
    assert content == (tmp_path / "terms.png").read_bytes()
    assert size == {"width": 420}  # 89 mm are 1051 dots of 300 an inch


def make_png(pixels):
    buffer = io.BytesIO()
    Image.fromarray(np.asarray(pixels, dtype="uint8")).save(buffer, "PNG", dpi=(300, 300))
    return buffer.getvalue()


def test_the_bitmap_of_a_chart_has_a_palette_that_changes_nothing_visible(tmp_path, monkeypatch):
    small = lab.save_figure(draw(), "terms", NUMBERS, RECORD, folder=tmp_path).files["png"]
    monkeypatch.setattr(figures, "_reduce_png", lambda png: png)
    large = lab.save_figure(draw(), "terms", NUMBERS, RECORD, folder=tmp_path / "full").files["png"]
    assert small.stat().st_size < large.stat().st_size / 2
    assert 0 < compare_pictures(small, large) <= 0.5
    with Image.open(small) as image:
        assert image.mode == "P" and len(image.getcolors()) <= 64


@pytest.mark.parametrize(("n_colours", "mode"), [(64, "P"), (250, "P"), (20_000, "RGB")])
def test_a_bitmap_keeps_its_colours_where_a_palette_would_change_them(n_colours, mode):
    """Random colours: the hardest case, because no two are alike."""
    colours = np.random.default_rng(20240701).integers(0, 256, (n_colours, 3))
    pixels = colours[np.arange(200 * 100) % n_colours].reshape(200, 100, 3)
    with Image.open(io.BytesIO(figures._reduce_png(make_png(pixels)))) as image:
        assert image.mode == mode and image.info["dpi"] == pytest.approx((300, 300), abs=0.02)
        assert np.array_equal(np.asarray(image.convert("RGB")), pixels)


def test_without_a_figure_nothing_is_written(tmp_path):
    reading = lab.save_figure(None, "terms-zh", NUMBERS, RECORD, folder=tmp_path)
    assert reading == reading._repr_markdown_() == "没有可画的内容，未生成 terms-zh。"
    english = replace(RECORD, parameters={"language": "en"})
    reading = lab.save_figure(None, "terms-en", NUMBERS, english, folder=tmp_path)
    assert reading == "There is nothing to draw: terms-en was not made."
    assert not list(tmp_path.iterdir())


def test_manifest_entry(tmp_path):
    saved = lab.save_figure(draw(), "terms", NUMBERS, RECORD, folder=tmp_path)
    manifest = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    files = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in saved.files.values()}
    assert manifest == {"format": 2, "figures": {"terms": RECORD.entry() | {"files": files}}}
    assert manifest | {"runs": {}} == read_manifest(tmp_path)


def test_missing_glyphs_are_named_and_nothing_is_written(tmp_path):
    with pytest.raises(lab.PolicylabError) as error:
        lab.save_figure(draw("数字\U00020bb7与\ue000\n\U00020bb7"), "terms", NUMBERS, RECORD, folder=tmp_path / "new")
    assert str(error.value) == (
        "Figure terms: the font has no glyph for these characters:\n"
        "  \ue000 (U+E000), \U00020bb7 (U+20BB7) in '数字\U00020bb7与\\ue000\\n\U00020bb7'\n"
        "Nothing was written. Call lab.use_style(language=...) before drawing, or write the text with other characters."
    )
    assert not (tmp_path / "new").exists()


def test_chinese_in_a_formula_is_a_missing_glyph(tmp_path):
    with pytest.raises(lab.PolicylabError, match=r"词 \(U\+8BCD\) in '\$x_\{词\}\$'"):
        lab.save_figure(draw("$x_{词}$"), "terms", NUMBERS, RECORD, folder=tmp_path)


def test_a_figure_without_the_style_is_refused(tmp_path):
    import matplotlib
    from matplotlib.figure import Figure

    matplotlib.rcdefaults()
    figure = Figure()
    figure.text(0.5, 0.5, "数字")
    with pytest.raises(lab.PolicylabError, match=r"字 \(U\+5B57\), 数 \(U\+6570\) in '数字'"):
        lab.save_figure(figure, "terms", NUMBERS, RECORD, folder=tmp_path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            "{",
            "is not readable as JSON (Expecting property name enclosed in double quotes: line 1 column 2 (char 1)). {}",
        ),
        ("[]", "is not a manifest of figures. {}"),
        ('{"format": 1, "figures": {"a": 3}}', "is broken: the entry of a has no files. {}"),
        ('{"format": 2, "figures": {}, "runs": {"a": {}}}', "is broken: the run a has no inputs and outputs. {}"),
        (
            '{"format": 3, "figures": {}}',
            "has format 3; this version of policylab reads format 2. {} "
            "Or install the version of policylab that wrote it.",
        ),
    ],
)
def test_a_manifest_that_cannot_be_read_is_kept(tmp_path, content, message):
    path = tmp_path / "manifest.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(lab.PolicylabError) as error:
        lab.save_figure(draw(), "terms", NUMBERS, RECORD, folder=tmp_path)
    remedy = "Nothing was written. Move it away to start a new one."
    assert str(error.value) == f"{path} {message.replace('{}', remedy)}"
    assert read_all(tmp_path) == {"manifest.json": content.encode()}


def test_a_name_that_is_no_file_name(tmp_path):
    with pytest.raises(lab.PolicylabError) as error:
        lab.save_figure(draw(), "../terms", NUMBERS, RECORD, folder=tmp_path)
    assert str(error.value) == (
        "Figure name '../terms': use the letters a-z, digits, - and _ only, "
        "because it becomes a file name on every system."
    )


def test_a_folder_that_is_a_file(tmp_path):
    (tmp_path / "out").write_text("", encoding="utf-8")
    with pytest.raises(lab.PolicylabError, match="^Figure terms: cannot write .*out: File exists. Close the programs"):
        lab.save_figure(draw(), "terms", NUMBERS, RECORD, folder=tmp_path / "out")


@pytest.mark.parametrize("dies_after", [2, 6, 7, 10])
def test_a_killed_process_leaves_the_old_figure_or_the_new_one(tmp_path, dies_after):
    """Killed at any step on the disk: what the next one finds is one of the two, with the manifest that fits."""
    lab.save_figure(draw(), "terms", NUMBERS, RECORD, folder=tmp_path)
    before = read_all(tmp_path)
    script = f"""if True:
        import itertools, os, pathlib, sys
        sys.path.insert(0, {os.path.dirname(__file__)!r})
        from test_figures import NUMBERS, RECORD, figures, lab
        figures._render = lambda figure, name: dict.fromkeys(["pdf", "svg", "png"], b"new")
        steps = itertools.count()
        def count(function):
            def step(*arguments):
                if next(steps) == {dies_after}:
                    os._exit(9)
                return function(*arguments)
            return step
        pathlib.Path.write_bytes, os.replace = count(pathlib.Path.write_bytes), count(os.replace)
        lab.save_figure("figure", "terms", NUMBERS[:1], RECORD, folder={str(tmp_path)!r})
        """
    assert start(script).wait() == 9
    with settled_folder(tmp_path):
        after = {name: content for name, content in read_all(tmp_path).items() if not name.startswith(".")}
    assert verify(tmp_path)
    # Four files, the manifest and the journal are written; then the journal moves, and all is decided.
    assert (after == before) == (dies_after <= 6), after.keys()
    # The next one clears up.
    lab.save_figure(draw(), "terms", NUMBERS, RECORD, folder=tmp_path)
    assert read_all(tmp_path) == before


def test_processes_that_share_a_manifest_lose_no_entry(tmp_path):
    script = f"""if True:
        import sys
        sys.path.insert(0, {os.path.dirname(__file__)!r})
        from test_figures import NUMBERS, RECORD, figures, lab
        figures._render = lambda figure, name: dict.fromkeys(["pdf", "svg", "png"], b"content")
        for i in range(25):
            lab.save_figure("figure", f"{{sys.argv[1]}}-{{i}}", NUMBERS, RECORD, folder={str(tmp_path)!r})
        """
    processes = [start(script, name) for name in "ab"]
    assert [(process.communicate()[0], process.returncode) for process in processes] == [("", 0), ("", 0)]
    assert sorted(read_manifest(tmp_path)["figures"]) == sorted(f"{name}-{i}" for name in "ab" for i in range(25))
    assert not list(tmp_path.glob(".*"))


# --- provenance


def test_provenance_holds_no_absolute_path(tmp_path):
    words = tmp_path / "words.txt"
    words.write_text("新质生产力\n", encoding="utf-8")
    corpus = SimpleNamespace(documents=pd.DataFrame({"sha256": ["b" * 64, "a" * 64]}))
    parameters = {
        "catalog": str(tmp_path / "我的" / "catalog.csv"),
        "out": str(tmp_path),
        "lists": [r"C:\Users\me\stop.txt", "数字/网络"],
        "seed": 7,
    }
    record = lab.record_provenance(corpus, tmp_path / "05_own.ipynb", parameters, [words])
    assert record.notebook == "05_own"
    assert record.parameters == {"catalog": "catalog.csv", "lists": ["stop.txt", "数字/网络"], "seed": 7}
    assert record.corpus == hashlib.sha256(f"sha256\n{'b' * 64}\n{'a' * 64}\n".encode()).hexdigest()
    assert record.dictionaries == {"words.txt": hashlib.sha256("新质生产力\n".encode()).hexdigest()}
    assert "matplotlib" in record.packages
    assert str(tmp_path) not in json.dumps(record.entry())
    assert list(record.table().query("kind == 'parameters'")["name"]) == ["catalog", "lists", "seed"]


# --- style and labels


def test_the_font_is_checked(tmp_path, monkeypatch):
    (tmp_path / "fonts").mkdir()
    (tmp_path / "fonts" / style.FONT_FILE).write_bytes(b"other")
    spec = SimpleNamespace(submodule_search_locations=[str(tmp_path)])
    remedy = 'Install the locked packages with "python run.py figures", or: pip install zhplot==1.0.0'
    for found, message in [
        (None, f"The font NotoSansSC-Regular.ttf is missing: the package zhplot is not installed. {remedy}"),
        (
            spec,
            "The font NotoSansSC-Regular.ttf is not the expected version, so figures would differ: "
            f"expected sha256 {FONT_SHA256}, got {hashlib.sha256(b'other').hexdigest()}. {remedy}",
        ),
    ]:
        monkeypatch.setattr(style.importlib.util, "find_spec", lambda name, found=found: found)
        with pytest.raises(lab.PolicylabError) as error:
            style.find_font.__wrapped__()
        assert str(error.value) == message


def test_zhplot_is_not_imported():
    script = "import sys; from policylab.plots.kit.style import use_style; use_style(language='zh'); print('zhplot' in sys.modules)"
    assert start(script).communicate()[0] == "False\n"


def test_the_first_five_colours_differ_in_greyscale():
    assert [round(measure_lightness(colour)) for colour in COLOURS[:5]] == [46, 71, 0, 89, 58]


def test_labels_and_regions():
    assert label("n_tasks", "zh") == "任务" and label("n_tasks", "en") == "Tasks"
    assert label("没有词条", "en") == "没有词条"
    assert region_label("福建省", "en") == region_label("福建", "en") == "Fujian"
    assert region_label("厦门市", "en") == "Xiamen" and region_label("某市", "en") == "某市"
    assert region_label("厦门市", "zh") == "厦门市" and region_label("厦门市", "zh", short=True) == "厦门"
    assert region_order("全国") < region_order("福建省") < region_order("厦门市") < region_order("江西省")
    assert region_order("澳门特别行政区") < region_order("某市")
    labels = pd.read_csv(PACKAGE / "language" / "labels.csv")
    assert labels["key"].is_unique and labels.notna().all(axis=None)
    with pytest.raises(lab.PolicylabError) as error:
        label("n_tasks", "fr")
    assert str(error.value) == 'language is \'fr\': expected "zh" (Chinese) or "en" (English).'
