import { setupBeforeActors } from '../../lint/setup-before-actors.js';
import { ruleTester } from './rule-tester.js';

const untyped = (name: string): { messageId: string; data: { name: string } } => ({
  messageId: 'untyped',
  data: { name },
});

ruleTester.run('setup-before-actors', setupBeforeActors, {
  valid: [
    'scenario({ name: "a", setup: f, actors: g, properties: h });',
    'scenario({ name: "a", actors: g });',
    'scenario({ ...rest, setup() {}, actors() {} });',
    'other({ actors: g, setup: f });',
    'scenario(options);',
  ],
  invalid: [
    { code: 'scenario({ actors: g, setup: f });', errors: [untyped('actors')] },
    { code: 'scenario({ properties: h, setup: f, actors: g });', errors: [untyped('properties')] },
    { code: 'racewalk.scenario({ "actors": g, setup() {} });', errors: [untyped('actors')] },
    {
      code: 'scenario({ properties: h, actors: g, setup: f });',
      errors: [untyped('properties'), untyped('actors')],
    },
  ],
});
