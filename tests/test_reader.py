"""The reader: every match on one page, all text escaped, the same bytes; in a real browser filters, keys and safety."""

import base64
import hashlib
import os
import re
import shutil
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

import policylab as lab
from policylab.output import reader
from policylab.output.folder import read_manifest
from policylab.output.provenance import Provenance
from policylab.output.reader import render_reader
from policylab.plots.kit.style import FONT_SHA256

RECORD = Provenance("04_alignment", {"language": "zh"}, "c" * 64, {}, FONT_SHA256)

ATTACK = "<script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\">"
HOSTILE = {
    # Text, attributes, comments, entities, and marks that turn the direction of writing.
    "national": f"""2020年要点

一、重点任务
（一）"><script>document.title='taken'</script>
1.推进{ATTACK}数字校园建设
完成全部中小学数字校园验收&lt;b&gt;，建立“校园网络”运行'维护'制度{{shown}}。</p></article></main><!-- {ATTACK} -->
2.加强网络安全\u202e防护
落实等级保护，开展关键信息系统应急演练，通报漏洞并限期整改。
""",
    "provincial": f"""2020年要点

一、重点任务
（一）数字' autofocus onfocus='document.title=1
1.推进{ATTACK}数字校园建设
完成全部中小学数字校园验收&lt;b&gt;，建立“校园网络”运行'维护'制度{{shown}}。</p></article></main><!-- {ATTACK} -->
2.javascript:alert(1)
保护民间戏曲，抢救濒危剧种，录制传统唱腔。
""",
}


@pytest.fixture(scope="module")
def aligned(corpus):
    return lab.recipes.align_pair(corpus)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    rows = ["document_id,title,level,region,year,file"]
    for level, region in (("national", "全国"), ("provincial", "<b>福建&amp;")):
        (folder / f"{level}.txt").write_text(HOSTILE[level], encoding="utf-8")
        rows.append(f"{level},要点,{level},{region},2020,{level}.txt")
    (folder / "catalog.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return lab.recipes.align_pair(lab.load_corpus(folder))


class Page(HTMLParser):
    """The tags of a page with their attributes, and the texts of elements of a class."""

    def __init__(self, source):
        super().__init__(convert_charrefs=True)
        self.tags, self.texts, self._open = [], [], None
        self.feed(source)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag == "p":
            self._open = dict(attributes).get("class")
            self.texts.append("") if self._open == "text" else None

    def handle_endtag(self, tag):
        self._open = None if tag == "p" else self._open

    def handle_data(self, data):
        if self._open == "text":
            self.texts[-1] += data


def texts_of_matches(aligned):
    """The texts of all matched pairs, reference before document, in the order of the page."""
    texts = aligned.corpus.tasks.set_index(["document_id", "task"])["text"]
    matched = aligned.pairs[aligned.pairs["matched"]].sort_values(["reference_task", "task"])
    pairs = zip(matched["reference_task"], matched["task"], strict=True)
    return [texts[key] for a, b in pairs for key in ((aligned.reference_id, a), (aligned.document_id, b))]


# --- the page


def test_page_and_manifest_are_written_and_the_same_every_time(aligned, tmp_path):
    saved = lab.save_reader(aligned, RECORD, folder=tmp_path / "a")
    lab.save_reader(aligned, RECORD, folder=tmp_path / "b")
    names = ["alignment_reader_chongqing-2019-zh.html", "manifest.json"]
    assert sorted(path.name for path in (tmp_path / "a").iterdir()) == names
    assert saved.path == tmp_path / "a" / names[0] and saved._repr_markdown_() == f"`{names[0]}`"
    for name in names:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    entry = read_manifest(tmp_path / "a")["figures"][names[0].removesuffix(".html")]
    assert list(entry["files"]) == [names[0]] and entry["notebook"] == "04_alignment"


def test_every_match_is_on_the_page_with_its_whole_text(aligned):
    page = Page(render_reader(aligned, RECORD, "en"))
    assert page.texts == texts_of_matches(aligned)
    articles = [attributes for tag, attributes in page.tags if tag == "article"]
    matched = aligned.pairs[aligned.pairs["matched"]].sort_values(["reference_task", "task"])
    assert [a["data-score"] for a in articles] == [f"{score:.2f}" for score in matched["score"]]
    assert len({a["id"] for a in articles}) == len(articles)


def test_marks_are_the_spans_of_find_reuse(aligned):
    source = render_reader(aligned, RECORD, "zh")
    spans = lab.find_reuse(aligned.corpus, aligned.pairs)
    for (task, reference_task), own in spans.groupby(["task", "reference_task"]):
        article = source.split(f'<article id="pair-{task}-{reference_task}"')[1].split("</article>")[0]
        marks = [re.findall(r'<mark data-span="(\d+)">(.*?)</mark>', side) for side in article.split("</section>")[:2]]
        assert marks[1] == [(str(row.span), row.text) for row in own.itertuples()]
        assert sorted(marks[0]) == sorted((str(row.span), row.reference_text) for row in own.itertuples())


def test_unmatched_tasks_stand_at_the_end(corpus):
    source = render_reader(lab.recipes.align_pair(corpus, "fujian-2020"), RECORD, "en")
    assert "National 2019: left out by the document (8)" in source
    assert "Fujian 2020: the document&#39;s own (5)" in source
    assert source.count("<li>") == 13


def test_page_loads_nothing_and_has_no_handlers(aligned):
    source = render_reader(aligned, RECORD, "zh")
    assert not re.search(r"(?:src|href)=(?!\"#)|url\(|@import|https?:", source)
    assert not any(name.startswith("on") for _, attributes in Page(source).tags for name in attributes)


def test_hostile_text_is_text(hostile):
    n = int(hostile.pairs["matched"].sum())
    assert n > 0
    source = render_reader(hostile, RECORD, "zh")
    page = Page(source)
    assert page.texts == texts_of_matches(hostile)
    assert "</article></main><!--" in page.texts[0] and "&lt;b&gt;" in page.texts[0]
    tags = [tag for tag, _ in page.tags]
    assert (tags.count("script"), tags.count("style"), tags.count("article"), tags.count("img")) == (1, 1, n, 0)
    assert not any(name.startswith("on") or name == "autofocus" for _, attributes in page.tags for name in attributes)
    assert source.count("<mark") == 2 * len(lab.find_reuse(hostile.corpus, hostile.pairs))


def test_characters_that_html_forbids_are_replaced(aligned):
    tasks = aligned.corpus.tasks
    tasks = tasks.assign(title=["校\x07园\ud800", *tasks["title"][1:]])
    source = render_reader(replace(aligned, corpus=replace(aligned.corpus, tasks=tasks)), RECORD, "zh")
    assert "校\ufffd园\ufffd" in source and "\x07" not in source


def test_the_policy_allows_the_files_that_ship(aligned):
    source = render_reader(aligned, RECORD, "zh")
    for directive, tag, name in (("style-src", "style", "reader.css"), ("script-src", "script", "reader.js")):
        content = Path(reader.__file__).with_name(name).read_bytes()
        digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
        assert f"{directive} 'sha256-{digest}'" in source
        assert f"<{tag}>{content.decode('utf-8')}</{tag}>" in source


def test_without_tasks_nothing_is_written(corpus, tmp_path):
    tables = {name: table for name, table in vars(corpus).items() if name != "catalog"}
    tables |= {name: tables[name].head(0) for name in ("tasks", "sections")}
    nothing = lab.recipes.align_pair(type(corpus)(**tables, catalog=corpus.catalog))
    sentence = lab.save_reader(nothing, RECORD, folder=tmp_path, language="en")
    assert sentence == "There are no tasks to align: alignment_reader_chongqing-2019-en.html was not made."
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_a_file(aligned, tmp_path):
    (tmp_path / "out").write_text("", encoding="utf-8")
    with pytest.raises(lab.PolicylabError, match="^Page alignment_reader_chongqing-2019-zh: cannot write "):
        lab.save_reader(aligned, RECORD, folder=tmp_path / "out")


# --- in a browser


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    found = {name: shutil.which(name) for name in ("chromium", "chromedriver")}
    missing = [name for name, path in found.items() if path is None]
    try:
        from selenium import webdriver
    except ImportError:
        missing.append("selenium")
    if missing:
        reason = f"the reader was not tried in a browser: {', '.join(missing)} is not installed"
        # Where the whole check runs, a browser that is missing must not go unnoticed.
        (pytest.fail if os.environ.get("POLICYLAB_NEEDS_BROWSER") else pytest.skip)(reason)
    options = webdriver.ChromeOptions()
    options.binary_location = found["chromium"]
    switches = "headless no-sandbox disable-gpu disable-quic no-first-run disable-background-networking"
    switches += (
        f" disable-component-update disable-sync window-size=1200,900 user-data-dir={tmp_path_factory.mktemp('user')}"
    )
    for switch in switches.split():
        options.add_argument(f"--{switch}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    service = webdriver.ChromeService(executable_path=found["chromedriver"])
    driver = webdriver.Chrome(options=options, service=service)
    yield driver
    driver.quit()


def open_page(browser, aligned, folder, language="zh"):
    saved = lab.save_reader(aligned, RECORD, folder=folder, language=language)
    browser.get(saved.path.as_uri())


def find_shown(browser):
    return [
        article.get_attribute("id")
        for article in browser.find_elements("css selector", "article")
        if article.is_displayed()
    ]


def test_filters_work_by_keyboard(browser, corpus, tmp_path):
    from selenium.webdriver.common.action_chains import ActionChains
    from selenium.webdriver.common.keys import Keys

    aligned = lab.recipes.align_pair(corpus, "fujian-2020")
    open_page(browser, aligned, tmp_path, "en")
    matched = aligned.pairs[aligned.pairs["matched"]]
    status = browser.find_element("id", "status")
    assert status.text == "34 of 34 pairs shown" and len(find_shown(browser)) == 34

    highest = browser.find_element("id", "highest")
    highest.send_keys(*[Keys.ARROW_LEFT] * 20)
    assert browser.find_element("id", "highest-value").text == "0.80"
    doubtful = matched[matched["score"].round(2) <= 0.8]
    assert status.text == f"{len(doubtful)} of 34 pairs shown"
    assert set(find_shown(browser)) == {
        f"pair-{a}-{b}" for a, b in zip(doubtful["task"], doubtful["reference_task"], strict=True)
    }

    highest.send_keys(Keys.END)
    browser.find_element("id", "section").send_keys("（十一）")
    sections = aligned.corpus.tasks.query("document_id == 'national-2019'").set_index("task")["section"]
    eleventh = matched[matched["reference_task"].map(sections) == 11]
    assert len(find_shown(browser)) == len(eleventh) > 0

    browser.find_element("tag name", "h1").click()
    visited = []
    for key in "jjk":
        ActionChains(browser).send_keys(key).perform()
        visited.append(browser.switch_to.active_element.get_attribute("id"))
    shown = find_shown(browser)
    assert visited == [shown[0], shown[1], shown[0]]


def test_page_is_whole_and_asks_for_nothing(browser, aligned, tmp_path):
    open_page(browser, aligned, tmp_path)
    assert browser.get_log("browser") == []
    assert browser.execute_script("return performance.getEntriesByType('resource').length") == 0
    left, right = browser.find_elements("css selector", "article:first-of-type .sides > section")
    assert left.rect["y"] == right.rect["y"] and left.rect["x"] + left.rect["width"] <= right.rect["x"]
    mark = browser.find_element("css selector", "mark")
    assert mark.value_of_css_property("background-color") == "rgba(248, 217, 143, 1)"
    wide = browser.execute_script("return document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide == 0


def test_hostile_text_does_nothing(browser, hostile, tmp_path):
    open_page(browser, hostile, tmp_path)
    assert browser.title.startswith("<b>福建&amp; 2020 与")
    assert browser.get_log("browser") == []
    shown = [text.get_attribute("textContent") for text in browser.find_elements("css selector", ".text")]
    assert shown == texts_of_matches(hostile)
    n = int(hostile.pairs["matched"].sum())
    assert browser.find_element("id", "status").text == f"显示 {n} 对，共 {n} 对"
    # Even a script that got onto the page would not be run.
    browser.execute_script("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"document.title=1\">')")
    refused = " ".join(entry["message"] for entry in browser.get_log("browser"))
    assert browser.title != "1" and "Content Security Policy" in refused
