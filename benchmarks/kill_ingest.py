"""Kill `policylab ingest` at random moments, over and over, and see whether the study is that of one undisturbed run.

    python benchmarks/kill_ingest.py [files] [kills]

Writes `files` invented documents (default 300: text, web pages, Word), ingests them once undisturbed, and once with `kills`
kills (default 10) by SIGKILL at moments drawn over the time that a run takes. Prints whether all files of the two studies are
the same, byte for byte.
"""

import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import docx

ROOT = Path(__file__).resolve().parents[1]
PARTS = "统筹规划部署推进实施考核评估保障机制建设标准课程平台数据安全网络空间治理能力水平提升改革创新融合应用示范培训"


def write_source(folder, n):
    """`n` plans of invented text, in turns as text, web page and Word document."""
    generator = random.Random(0)
    folder.mkdir()
    for i in range(n):
        lines = [f"福建省{2010 + i % 15}年第{i}号教育信息化工作要点", "一、重点任务"]
        lines += [f"{k}.{''.join(generator.choices(PARTS, k=300))}。" for k in range(1, 9)]
        path = folder / f"plan-{i:04}"
        if i % 3 == 0:
            path.with_suffix(".txt").write_text("\n".join(lines), encoding="utf-8")
        elif i % 3 == 1:
            page = "".join(f"<p>{line}</p>" for line in lines)
            path.with_suffix(".html").write_text(f"<meta charset='utf-8'><body>{page}</body>", encoding="utf-8")
        else:
            document = docx.Document()
            for line in lines:
                document.add_paragraph(line)
            document.save(path.with_suffix(".docx"))


def start(source, study):
    """The process of one run."""
    command = [sys.executable, "-m", "policylab", "ingest", str(source), "--out", str(study)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def read_all(study):
    """{path: bytes} of a study."""
    return {path.relative_to(study): path.read_bytes() for path in study.rglob("*") if path.is_file()}


def main(n=300, kills=10):
    """Run, kill, compare."""
    generator = random.Random(1)
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        write_source(folder / "source", n)
        began = time.perf_counter()
        start(folder / "source", folder / "whole").wait()
        seconds = time.perf_counter() - began
        print(f"{n} files: {seconds:.1f} s undisturbed")
        done = 0
        for _ in range(kills):
            process = start(folder / "source", folder / "study")
            try:
                process.wait(timeout=generator.uniform(0, seconds))
                done += 1
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        start(folder / "source", folder / "study").wait()
        same = read_all(folder / "study") == read_all(folder / "whole")
        print(
            f"{kills - done} of {kills} runs were killed; then the studies are {'the same' if same else 'NOT the same'}"
        )
    return int(not same)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
