-- Events with their encoded columns as numbers: 0 where the value is absent, NULL or unknown.
SELECT raw.* {{except_encoded}} {{encoded_columns}}
FROM {{events}} raw
{{code_joins}}
