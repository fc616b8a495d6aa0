"""What a call of Java from Python costs, in microseconds.

usage: calls.py KIND     KIND: gateway (py4j in the peer, the bridge here) or jep
"""

import json
import statistics
import sys
import time

if sys.argv[1] == "jep":
    from java.lang import System
    from java.util import ArrayList

    count = 100_000
else:
    from pyflink.java_gateway import get_gateway

    jvm = get_gateway().jvm
    System, ArrayList = jvm.java.lang.System, jvm.java.util.ArrayList
    count = 2_000 if sys.argv[1] == "py4j" else 100_000
items = ArrayList()
CALLS = {
    "static": lambda: System.currentTimeMillis(),
    "instance": lambda: items.size(),
    "constructor": lambda: ArrayList(),
    "python": lambda: None,
}
result = {}
for name, call in CALLS.items():
    times = []
    for _ in range(8):
        begun = time.perf_counter()
        for _ in range(count):
            call()
        times.append((time.perf_counter() - begun) / count * 1e6)
    result[name] = statistics.median(times[1:])
print("RESULT " + json.dumps(result), flush=True)
