/** Where baton's source and its releases are. */
export const REPOSITORY = "https://github.com/baton-handoff/baton";
