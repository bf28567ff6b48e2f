// Formats Lua files, or with --check says which are not formatted: node stylua.mjs [--check] FILE...
// stylua.toml is for the program; npm has it as a library, which installs without a download from elsewhere:
// npm install --prefix FOLDER @johnnymorganz/stylua, then NODE_PATH=FOLDER/node_modules.
import fs from 'node:fs'
import { createRequire } from 'node:module'

const stylua = createRequire(import.meta.url)('@johnnymorganz/stylua')

function config() {
  const made = stylua.Config.new()
  made.column_width = 120
  made.indent_type = stylua.IndentType.Spaces
  made.indent_width = 2
  made.quote_style = stylua.QuoteStyle.AutoPreferSingle
  return made
}

const check = process.argv[2] === '--check'
let changed = 0
for (const file of process.argv.slice(check ? 3 : 2)) {
  const text = fs.readFileSync(file, 'utf8')
  const formatted = stylua.formatCode(text, config(), undefined, stylua.OutputVerification.Full)
  if (formatted === text) continue
  changed++
  console.log(file)
  if (!check) fs.writeFileSync(file, formatted)
}
process.exit(check && changed ? 1 : 0)
