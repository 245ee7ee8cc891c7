# The same for python-requests, half of the calls on connections that are kept.
import json
import sys

import requests

url, size, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
headers = {"Content-Type": "application/json"}
if len(sys.argv) > 4:
    headers["Authorization"] = "Bearer " + sys.argv[4]
body = json.dumps({"a": "x" * size})
session = requests.Session()
seen = {}
for call in range(count):
    try:
        answer = (session if call % 2 else requests).post(url, data=body, headers=headers)
        what = str(answer.json()["statusCode"])
    except Exception as error:
        what = "%s: %s" % (type(error).__name__, error)
    seen[what] = seen.get(what, 0) + 1
print(json.dumps(seen), end="")
