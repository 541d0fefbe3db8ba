import { resolveRecipe } from '../../train/recipes/resolve.js';
import { RECIPES, type RecipeName } from '../../train/recipes/table.js';
import { whyUnused } from '../../train/recipes/used-settings.js';
import { atMostPositionals, type Command } from '../command.js';

/** `tenfold recipes`: what can be trained, every setting with its reason. */
export const recipesCommand: Command = {
  usage: '[NAME]',
  summary: 'Lists the recipes, or one with every setting and why it is so.',
  options: {},
  async run({ positionals, output }) {
    atMostPositionals(positionals, 1);
    const [wanted] = positionals;
    // Refuses a name that there is not.
    if (wanted !== undefined) resolveRecipe(wanted, 0);
    const names = (Object.keys(RECIPES) as RecipeName[]).filter((name) => !wanted || name === wanted);
    for (const name of names) {
      const { summary, model, training, reasons } = RECIPES[name];
      output.say(`${name.padEnd(18)}${summary}`);
      if (name !== wanted) continue;
      for (const [key, value] of Object.entries({ ...model, ...training })) {
        const reason = whyUnused(key, training) ?? (reasons as Record<string, string | undefined>)[key];
        output.say(`  ${key.padEnd(18)}${String(value).padEnd(12)}${reason ?? ''}`.trimEnd());
      }
    }
    output.result({ recipes: names.map((name) => ({ name, ...RECIPES[name] })) });
  },
};
