/** @file Svelte's compiler options: runes everywhere, so that old syntax is an error. */
export default { compilerOptions: { runes: true } };
