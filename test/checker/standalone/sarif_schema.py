# Validates a SARIF log by a JSON schema: sarif_schema.py SCHEMA LOG.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import json
import sys

import jsonschema

schema, log = (json.load(open(path)) for path in sys.argv[1:])
validator = jsonschema.validators.validator_for(schema)(schema, format_checker=jsonschema.FormatChecker())
errors = [f"{list(error.absolute_path)}: {error.message[:300]}" for error in validator.iter_errors(log)]
sys.exit("\n".join(errors) or 0)
