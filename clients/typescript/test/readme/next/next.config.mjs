// The lock files above this folder are of other projects.
export default { turbopack: { root: import.meta.dirname } };
