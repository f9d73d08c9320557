/** The package's version; a test holds it beside package.json. */
export const version = "0.1.0";
