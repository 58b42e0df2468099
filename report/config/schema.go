package config

import _ "embed" // the schema is a file, so that editors can be pointed at it

//go:embed site.schema.json
var schema string

// Schema returns the JSON Schema (draft 4, the one that TOML editors understand) of site.toml.
func Schema() string { return schema }
