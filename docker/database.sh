#!/bin/sh
# Runs once, on an empty data folder: three roles, the database, the extensions that migrations use.
set -eu
psql -v ON_ERROR_STOP=1 -v owner="$SWINDOW_OWNER_PASSWORD" -v app="$SWINDOW_APP_PASSWORD" \
    -U postgres -d postgres <<'SQL'
CREATE ROLE swindow_owner LOGIN NOSUPERUSER NOCREATEROLE CREATEDB PASSWORD :'owner';
CREATE ROLE swindow_app LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB PASSWORD :'app';
CREATE ROLE swindow_portal NOLOGIN BYPASSRLS;
GRANT swindow_portal TO swindow_app;
\connect template1
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE DATABASE swindow OWNER swindow_owner TEMPLATE template1;
SQL
