"""What an organisation asks of its schools, component by component: required, expected or free."""
