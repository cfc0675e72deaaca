/** Servers of web frameworks that take an edit of what they serve by themselves. */
const SERVER =
  /^(?:\w+=\S+ )*(?:(?:vite|astro|next|nuxt|nuxi|vinxi|react-router|remix|ng|vue-cli-service|webpack|rspack|rsbuild|parcel|vitepress|storybook)(?![-\w])(?! (?:build|start|preview|test|lint|generate|info|check|sync|add|inspect)\b)|(?:docusaurus|expo) start\b|gatsby develop\b)/;

/** Whether a command runs such a server, which is begun anew for its configuration alone. */
export function takesEdits(command: string): boolean {
  return SERVER.test(command);
}

/** What is to be watched for such a server. */
export function configurationOf(command: string): readonly string[] {
  return ["package.json", /\bng\b/.test(command) ? "angular.json" : "*.config.*"];
}
