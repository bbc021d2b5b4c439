/** The site: `npm run docs`. The pages are plain Markdown; what is here is their order, and nothing that they need. */
import path from 'node:path';

const page = (text, link) => ({ text, link });

/** Source files that pages link to are in the repository, not on the site: there the link is its text. */
function leaveRepositoryLinks(md) {
  const isOutside = (href, env) => {
    if (href === null || /^([a-z]+:|#|\/)/.test(href)) return false;
    const from = path.posix.dirname(env.relativePath ?? '');
    return path.posix.join(from, href).startsWith('..') || /\.(ts|egg|json)$/.test(href);
  };
  for (const rule of ['link_open', 'link_close']) {
    const before = md.renderer.rules[rule] ?? ((tokens, i, options, env, self) => self.renderToken(tokens, i, options));
    md.renderer.rules[rule] = (tokens, i, options, env, self) => {
      if (rule === 'link_open') {
        env.outside ??= [];
        env.outside.push(isOutside(tokens[i].attrGet('href'), env));
        return env.outside.at(-1) ? '' : before(tokens, i, options, env, self);
      }
      return env.outside.pop() ? '' : before(tokens, i, options, env, self);
    };
  }
}

export default {
  title: 'meganeura',
  description: 'Deep learning in TypeScript, on any GPU',
  outDir: '../out/site',
  cacheDir: '../out/site-cache',
  srcExclude: ['node_modules/**'],
  cleanUrls: false,
  lastUpdated: false,
  markdown: { config: leaveRepositoryLinks, languageAlias: { wgsl: 'rust' } },
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    nav: [page('Quickstart', '/quickstart'), page('Operations', '/ops'), page('API', '/api/')],
    sidebar: [
      {
        text: 'Begin',
        items: [
          page('Quickstart', '/quickstart'),
          page('System requirements', '/system-requirements'),
          page('A tour of the code', '/tour'),
        ],
      },
      {
        text: 'Concepts',
        items: [
          page('Modules and parameters', '/concepts/modules'),
          page('Tracing', '/concepts/tracing'),
          page('The graph', '/concepts/graph'),
          page('Shapes', '/concepts/shapes'),
          page('Gradients', '/concepts/autodiff'),
          page('Rewriting', '/concepts/rewriting'),
          page('Plan, memory, session', '/concepts/sessions'),
          page('A step of training', '/concepts/training-step'),
          page('Numerics', '/concepts/numerics'),
          page('Where time goes', '/concepts/profiling'),
        ],
      },
      {
        text: 'Guides',
        items: [
          page('A model of your own', '/guides/first-model'),
          page('Training with a Trainer', '/guides/training'),
          page('Coming from PyTorch', '/guides/pytorch'),
          page('Models from the Hub', '/guides/zoo'),
          page('Text', '/guides/generation'),
          page('Fine-tuning', '/guides/fine-tuning'),
          page('Reading a trace', '/guides/traces'),
          page('Errors', '/guides/errors'),
          page('Twenty mistakes', '/guides/mistakes'),
        ],
      },
      {
        text: 'Reference',
        items: [
          page('API', '/api/'),
          page('Operations', '/ops'),
          page('Weights from the Hub', '/hub'),
          page('Profiling', '/profiling'),
          page('Results', '/results'),
        ],
      },
      {
        text: 'For contributors',
        items: [
          page('Architecture', '/architecture'),
          page('Adding an operation', '/adding-an-op'),
          page('Decisions', '/decisions/'),
        ],
      },
    ],
  },
};
