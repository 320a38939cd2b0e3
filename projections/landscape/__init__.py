"""Where an organisation stands between working with others and standing on its own: for itself and its auditor."""
