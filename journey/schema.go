package journey

import _ "embed"

// Schema is the JSON Schema (draft 4) of a map, for completion in editors.
//
//go:embed map.schema.json
var Schema []byte
