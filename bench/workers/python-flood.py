"""Streams a turn that floods it, and prints the CPU time for each delta, in microseconds."""

import json
import sys
import time

from openai_codex import Codex, CodexConfig

task = json.loads(sys.argv[1])
flood = task["flood"]
with Codex(CodexConfig(launch_args_override=tuple(task["server"]))) as codex:
    thread = codex.thread_start()
    thread.run(json.dumps({**flood, "deltas": 1000}))
    before = time.process_time()
    for _ in thread.turn(json.dumps(flood)).stream():
        pass
    print(json.dumps({"cpuUs": (time.process_time() - before) * 1e6 / flood["deltas"]}))
