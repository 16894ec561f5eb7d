"""Runs a turn for every line on stdin, and prints how many milliseconds it took."""

import sys
import time

from openai_codex import Codex, CodexConfig

binary, cwd = sys.argv[1:3]
with Codex(CodexConfig(codex_bin=binary, cwd=cwd)) as codex:
    thread = codex.thread_start()
    for _ in sys.stdin:
        start = time.perf_counter()
        thread.run("Have a look at it.")
        print((time.perf_counter() - start) * 1000, flush=True)
