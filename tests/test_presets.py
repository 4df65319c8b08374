"""Presets: every file has the size, the text and the dots that a journal asks for, and text stays text."""

import hashlib
import re

import pypdf
import pytest
from PIL import Image

import policylab as lab
from policylab.__main__ import main
from policylab.output.folder import read_manifest
from policylab.output.provenance import Provenance
from policylab.plots.kit.page import add_panel, fit_page, new_page
from policylab.plots.kit.presets import SMALLEST_TEXT, THINNEST_LINE, find_preset, load_presets, page_height, page_width
from policylab.plots.kit.style import FONT_SHA256, SETTINGS, SIZES
from policylab.run.reproduce import reproduce
from policylab.run.study import write_study

RECORD = Provenance("01_corpus", {"language": "zh"}, "c" * 64, {}, FONT_SHA256)
DOTS = SETTINGS["savefig.dpi"]  # to the inch, of the PNG
NAMES = "'nature', 'elsevier', 'plos', 'cn-journal'"


@pytest.fixture(scope="module")
def saved(corpus, tmp_path_factory):
    """The table of documents for every journal: {preset: SavedFigure}."""
    folder = tmp_path_factory.mktemp("presets")
    figures = {}
    for name in load_presets():
        lab.use_preset(name)
        figure, data = lab.plot_documents(corpus, language="zh")
        figures[name] = lab.save_figure(figure, f"documents-{name}", data, RECORD, folder=folder)
    lab.use_preset("nature")
    return figures


def list_pdf_texts(page):
    """(text, points on paper) of every stretch of text."""
    texts = []

    def note(text, cm, tm, _, size):
        if text.strip():
            texts.append((text, size * abs(tm[0] * cm[0] + tm[1] * cm[2])))

    page.extract_text(visitor_text=note)
    return texts


def draw_page(height=30, size=7.0):
    figure, page = new_page(height, "zh")
    page.text(5, 10, "数字教育", fontsize=size)
    return figure


# --- the presets


@pytest.mark.parametrize("name", load_presets())
def test_presets_are_sane(name):
    preset = lab.use_preset(name)
    assert preset == find_preset() and preset.name == name
    # A layout is neither a column of a page nor wider than any page; drawing code relies on both.
    assert 120 <= page_width() <= 183 and 145 <= page_height() <= 225
    assert page_width() * preset.scale == pytest.approx(preset.width)
    assert SMALLEST_TEXT * preset.scale >= preset.text - 1e-9
    assert THINNEST_LINE * preset.scale >= preset.line - 1e-9
    assert 300 <= preset.dpi <= 1200 and preset.tiff in (None, "rgb", "grey")


def test_widths_and_heights_of_the_layout_by_hand():
    # 190.5 mm with text of 8 points, laid out with text of 5.5: 190.5 * 5.5 / 8.
    expected = {"nature": (183, 225), "elsevier": (174.2, 220), "plos": (131, 152.8), "cn-journal": (124.7, 146.7)}
    for name, sizes in expected.items():
        lab.use_preset(name)
        assert (round(page_width(), 1), round(page_height(), 1)) == sizes


@pytest.mark.parametrize("name", ["natur", "", None, ["nature"]])
def test_an_unknown_preset_in_python(name):
    lab.use_preset("plos")
    with pytest.raises(lab.PolicylabError) as error:
        lab.use_preset(name)
    assert str(error.value) == f"preset={name!r} is unknown. Use one of {NAMES}."
    assert find_preset().name == "plos"


def test_an_unknown_preset_of_a_run():
    with pytest.raises(lab.PolicylabError) as error:
        reproduce(["01_corpus"], preset="natur")
    assert str(error.value) == f"preset='natur' is unknown. Use one of {NAMES}."


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ('"natur"', "preset = 'natur' is unknown. Did you mean nature?"),
        ('["plos"]', "preset = ['plos'] is unknown. Did you mean plos?"),
    ],
)
def test_an_unknown_preset_in_a_study(tmp_path, value, message):
    write_study(tmp_path)
    path = tmp_path / "figures.toml"
    rest = re.sub(r"(?m)^preset = .*\n", "", path.read_text(encoding="utf-8"))
    path.write_text(f"preset = {value}\n{rest}", encoding="utf-8")
    with pytest.raises(lab.PolicylabError) as error:
        reproduce(study=tmp_path)
    assert str(error.value) == f"{path} cannot be used:\n  {message}"
    assert not (tmp_path / "figures").exists()


def test_an_unknown_preset_on_the_command_line(capsys):
    with pytest.raises(SystemExit) as status:
        main(["reproduce", "01_corpus", "--preset", "natur"])
    assert status.value.code == 2
    said = capsys.readouterr().err.splitlines()[-1].replace("'", "")
    assert said == (
        "policylab reproduce: error: argument --preset: invalid choice: natur "
        "(choose from nature, elsevier, plos, cn-journal)"
    )


def test_what_is_drawn_has_its_final_size():
    from matplotlib.patches import Rectangle

    scale = lab.use_preset("plos").scale
    figure, page = new_page(30, "zh")
    assert figure.get_size_inches() * 25.4 == pytest.approx([190.5, 30 * scale])
    fit_page(page, 20)
    assert figure.get_size_inches() * 25.4 == pytest.approx([190.5, 20 * scale])
    (line,) = page.plot([0, 1], [2, 2], "o", linewidth=0.4, markersize=3, markeredgewidth=0.5)
    patch = page.add_patch(Rectangle((0, 0), 1, 1, linewidth=0.3))
    bars = page.vlines([1], 0, 1, linewidth=0.7)
    drawn = [line.get_linewidth(), line.get_markersize(), line.get_markeredgewidth(), patch.get_linewidth()]
    assert [*drawn, *bars.get_linewidth()] == pytest.approx([size * scale for size in (0.4, 3, 0.5, 0.3, 0.7)])
    assert page.text(0, 0, "数字", fontsize=6).get_fontsize() == 6 * scale
    # What a call does not give comes from the settings: the same size, not enlarged twice.
    (line,) = page.plot([0, 1], [2, 2])
    assert line.get_linewidth() == SIZES["lines.linewidth"] * scale
    panel = add_panel(page, 5, 2, 50, 10)
    assert panel.get_position().bounds == pytest.approx([5 / page_width(), 0.4, 50 / page_width(), 0.5])
    assert panel.get_xticklabels()[0].get_fontsize() == SIZES["xtick.labelsize"] * scale


def test_a_figure_that_was_drawn_for_another_journal_is_refused(corpus, tmp_path):
    figure, data = lab.plot_documents(corpus)
    lab.use_preset("plos")
    with pytest.raises(lab.PolicylabError, match="Call lab.use_preset before drawing"):
        lab.save_figure(figure, "documents", data, RECORD, folder=tmp_path)


# --- the files


@pytest.mark.parametrize("name", load_presets())
def test_pdf_has_the_size_and_the_text_that_were_promised(saved, name, corpus):
    preset = load_presets()[name]
    page = pypdf.PdfReader(saved[name].files["pdf"]).pages[0]
    assert float(page.mediabox.width) / 72 * 25.4 == pytest.approx(preset.width, abs=0.01)
    assert float(page.mediabox.height) / 72 * 25.4 <= preset.height
    texts = list_pdf_texts(page)
    smallest = min(size for _, size in texts)
    assert preset.text - 1e-3 <= smallest == pytest.approx(SMALLEST_TEXT * preset.scale, abs=1e-3)
    shown = re.sub(r"\s", "", page.extract_text())
    assert all(title in shown for title in corpus.documents["title"])
    assert "正文字数不含标题、责任单位和空格。" in shown


@pytest.mark.parametrize("name", load_presets())
def test_svg_and_png_have_the_size_that_was_promised(saved, name):
    preset = load_presets()[name]
    pdf = pypdf.PdfReader(saved[name].files["pdf"]).pages[0].mediabox
    head = saved[name].files["svg"].read_text(encoding="utf-8").split("<svg", 1)[1].split(">", 1)[0]
    width, height = (float(re.search(rf' {side}="([0-9.]+)pt"', head)[1]) for side in ("width", "height"))
    assert width / 72 * 25.4 == pytest.approx(preset.width, abs=0.01)
    assert height == pytest.approx(float(pdf.height), abs=0.01)
    with Image.open(saved[name].files["png"]) as image:
        assert image.info["dpi"] == pytest.approx((DOTS, DOTS), abs=0.02)
        assert image.size == pytest.approx((preset.width / 25.4 * DOTS, float(pdf.height) / 72 * DOTS), abs=1.5)


@pytest.mark.parametrize("name", load_presets())
def test_tiff_where_it_is_asked_for(saved, name):
    preset, files = load_presets()[name], saved[name].files
    assert list(files) == ["pdf", "svg", "png", *(["tiff"] if preset.tiff else []), "csv"]
    assert files["pdf"].with_suffix(".tiff").exists() == bool(preset.tiff)
    if preset.tiff:
        with Image.open(files["tiff"]) as image:
            assert image.mode == {"rgb": "RGB", "grey": "L"}[preset.tiff]
            assert image.info["compression"] == "tiff_lzw" and image.n_frames == 1
            assert image.info["dpi"] == (preset.dpi, preset.dpi)
            assert image.size[0] == pytest.approx(preset.width / 25.4 * preset.dpi, abs=1.5)


def test_tiff_is_in_the_manifest(saved):
    path = saved["cn-journal"].files["tiff"]
    entry = read_manifest(path.parent)["figures"]["documents-cn-journal"]
    assert entry["files"][path.name] == hashlib.sha256(path.read_bytes()).hexdigest()


def test_nature_does_not_depend_on_the_preset_before(saved, corpus, tmp_path):
    for other in ("plos", "cn-journal"):
        lab.use_preset(other)
        lab.save_figure(draw_page(), "other", lab.plot_documents(corpus)[1], RECORD, folder=tmp_path)
        lab.use_preset("nature")
        figure, data = lab.plot_documents(corpus, language="zh")
        again = lab.save_figure(figure, "documents-nature", data, RECORD, folder=tmp_path / other)
        assert list(again.files) == list(saved["nature"].files)
        for kind, path in again.files.items():
            assert path.read_bytes() == saved["nature"].files[kind].read_bytes(), kind


# --- what is refused


@pytest.mark.parametrize(
    ("name", "size", "message"),
    [
        ("nature", 4.9, "'数字教育' has 4.9 points, and preset nature asks for 5 at least."),
        ("plos", 5, "'数字教育' has 7.27 points, and preset plos asks for 8 at least."),
        ("cn-journal", 5.4, "'数字教育' has 7.36 points, and preset cn-journal asks for 7.5 at least."),
    ],
)
def test_text_that_is_too_small_is_refused(saved, corpus, tmp_path, name, size, message):
    lab.use_preset(name)
    with pytest.raises(lab.PolicylabError) as error:
        lab.save_figure(draw_page(size=size), "small", lab.summarize_documents(corpus), RECORD, folder=tmp_path / "new")
    assert str(error.value) == (
        f"Figure small: {message} Nothing was written. Call lab.use_preset before drawing, and give text no smaller size."
    )
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(("name", "height", "shown"), [("nature", 226, "226"), ("plos", 154, "224")])
def test_a_figure_that_is_higher_than_the_page_is_reported(corpus, tmp_path, name, height, shown):
    preset = lab.use_preset(name)
    with pytest.warns(lab.PolicylabWarning) as warned:
        lab.save_figure(draw_page(height), "high", lab.summarize_documents(corpus), RECORD, folder=tmp_path)
    assert [str(warning.message) for warning in warned] == [
        f"Figure high is {shown} mm high; preset {name} has pages of {preset.height:g} mm. Show fewer rows."
    ]
    assert (tmp_path / "high.pdf").exists()
