/** What both sides must have in common; another number: they do not understand one another. */
export const CONTROL_PROTOCOL = 1;
