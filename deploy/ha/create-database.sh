#!/bin/sh
# Runs once, on the first leader: creates the roles and the database of docs/operations.md, "Two database roles".
# Patroni passes the URL of the new cluster.
set -eu
psql "$1" --no-psqlrc --quiet --set ON_ERROR_STOP=1 \
  --set owner_password="$OWNER_PASSWORD" --set server_password="$SERVER_PASSWORD" <<'SQL'
CREATE ROLE gatehouse_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE gatehouse_server LOGIN PASSWORD :'server_password';
CREATE DATABASE gatehouse OWNER gatehouse_owner;
SQL
