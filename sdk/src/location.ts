/** Where the code of the SDK is, in the source as in the package: this file lies at its root. */
export const SDK_FOLDER = import.meta.url.replace(/[^/]*$/, "");
