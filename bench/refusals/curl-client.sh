#!/bin/sh
# The same for curl.
set -eu
body=$(mktemp)
trap 'rm -f "$body"' EXIT
{ printf '{"a":"'; head -c "$2" /dev/zero | tr '\0' x; printf '"}'; } >"$body"
for _ in $(seq "$3"); do
  curl -sS -w '\n' -H 'Content-Type: application/json' ${4:+-H "Authorization: Bearer $4"} --data-binary "@$body" "$1" 2>&1 |
    sed -n 's/.*"statusCode":\([0-9]*\).*/\1/p; s/^\(curl: [^"]*\).*/\1/p; s/.*<title>\(.*\)<\/title>.*/\1/p'
done | sort | uniq -c | awk '{ n = $1; $1 = ""; printf "%s\"%s\":%s", (NR > 1 ? "," : "{"), substr($0, 2), n } END { print "}" }'
