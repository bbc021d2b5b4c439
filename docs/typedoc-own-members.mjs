/**
 * Leaves out what classes inherit: every layer would list all methods of `Module`, and every kind of tensor all operations.
 * They are on the page of the class that has them, which the page names.
 */
export function load(app) {
  const leaveOut = ({ project }) => {
    const inherited = Object.values(project.reflections).filter(({ inheritedFrom }) => inheritedFrom !== undefined);
    for (const reflection of inherited) if (project.reflections[reflection.id]) project.removeReflection(reflection);
  };
  // Between the plugin of typedoc that finds out what is inherited (0) and the one that makes groups of what is there (−100).
  app.converter.on('resolveEnd', leaveOut, -50);
}
