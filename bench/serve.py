"""What every peer in Python does: reads a JSON line, prepares or times a step, answers with a JSON line."""
import json
import statistics
import sys
import time


def serve(version, subjects):
    """subjects: name -> function of the sizes that returns a step and a function that writes its arrays."""
    step = None
    print(json.dumps({"version": version}), flush=True)
    for line in sys.stdin:
        message = json.loads(line)
        if message["do"] == "prepare":
            step, write = subjects[message["subject"]](*message["sizes"])
            values = [step() for _ in range(message["steps"])]
            write()
            answer = {"values": values}
        else:
            times = []
            end = time.perf_counter() + message["seconds"]
            while time.perf_counter() < end or len(times) < 3:
                start = time.perf_counter()
                step()
                times.append((time.perf_counter() - start) * 1000)
            answer = {"milliseconds": statistics.median(times)}
        print(json.dumps(answer), flush=True)
