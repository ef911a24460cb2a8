#!/usr/bin/env bash
# Fetches the pinned front-end files from npm into this folder, with their licences. Needs node and npm.
# Run it again after changing package.json or icons.txt; nothing here is edited by hand.
set -euo pipefail
cd "$(dirname "$0")"
root=$(cd ../.. && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cp package.json .npmrc "$work/"
if [ -f package-lock.json ]; then
  cp package-lock.json "$work/"
  (cd "$work" && npm ci --no-audit --no-fund)
else
  (cd "$work" && npm install --no-audit --no-fund)
  cp "$work/package-lock.json" .
fi
modules="$work/node_modules"

mkdir -p tabler inter htmx flags
# The map is not shipped; a reference to it would stop collectstatic.
sed '/^\/\*# sourceMappingURL=/d' "$modules/@tabler/core/dist/css/tabler.min.css" > tabler/tabler.min.css
cp "$modules/@tabler/icons/LICENSE" tabler/LICENSE
cp "$modules/@tabler/core/dist/img/flags/"??.svg flags/
cp "$modules/@tabler/icons/LICENSE" flags/LICENSE
cp "$modules/@fontsource-variable/inter/files/inter-latin-opsz-normal.woff2" \
   "$modules/@fontsource-variable/inter/files/inter-latin-ext-opsz-normal.woff2" \
   "$modules/@fontsource-variable/inter/LICENSE" inter/
cp "$modules/htmx.org/dist/htmx.min.js" "$modules/htmx.org/LICENSE" htmx/

# Icons are inlined by a template tag, so they are one data file of the package and not public files.
node - "$modules/@tabler/icons/icons/outline" icons.txt > "$root/swindow/templatetags/icons.json" <<'NODE'
const { readFileSync } = require("node:fs");
const [folder, list] = process.argv.slice(2);
const names = readFileSync(list, "utf8").split(/\s+/).filter(Boolean).sort();
const body = (name) =>
  readFileSync(`${folder}/${name}.svg`, "utf8")
    .replace(/^[\s\S]*?<svg[^>]*>/, "")
    .replace(/<\/svg>\s*$/, "")
    .replace(/<path stroke="none" d="M0 0h24v24H0z" fill="none" ?\/>/, "")
    .replace(/\s*\n\s*/g, "");
console.log(JSON.stringify(Object.fromEntries(names.map((name) => [name, body(name)])), null, 1));
NODE
cp "$modules/@tabler/icons/LICENSE" "$root/swindow/templatetags/icons.LICENSE"
echo "vendored: tabler, inter, htmx, $(ls flags/*.svg | wc -l) flags, $(wc -w < icons.txt) icons"
