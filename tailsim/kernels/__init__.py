"""The compiled core: words and uniforms, strict mathematics, inverse survival functions, reducers."""
