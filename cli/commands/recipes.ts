import { PUBLISHED } from '../../train/recipes/published.js';
import { resolveRecipe } from '../../train/recipes/resolve.js';
import { RECIPE_GROUPS, RECIPES, type RecipeGroupName, type RecipeName } from '../../train/recipes/table.js';
import { whyUnused } from '../../train/recipes/used-settings.js';
import { atMostPositionals, type Command, type Output } from '../command.js';

/** `tenfold recipes`: what can be trained, by experiment; one with every setting and its reason. */
export const recipesCommand: Command = {
  usage: '[NAME]',
  summary: 'Lists the recipes by experiment, or one with every setting and why it is so.',
  options: {},
  async run({ positionals, output }) {
    atMostPositionals(positionals, 1);
    const [wanted] = positionals;
    // Refuses a name that there is not.
    if (wanted !== undefined) resolveRecipe(wanted, 0);
    const groups = Object.entries(RECIPE_GROUPS) as [RecipeGroupName, (typeof RECIPE_GROUPS)['own']][];
    const listed = groups.flatMap(([experiment, { title, recipes }]) => {
      const names = recipes.filter((name) => wanted === undefined || name === wanted);
      if (wanted === undefined) list(output, title, names);
      return names.map((name) => ({
        name,
        experiment,
        ...RECIPES[name],
        published: PUBLISHED[name] ?? null,
      }));
    });
    if (wanted !== undefined) describeRecipe(output, wanted as RecipeName);
    output.result({ recipes: listed });
  },
};

/** One group: a heading, and a line for each recipe. */
function list(output: Output, title: string, names: readonly RecipeName[]): void {
  const width = Math.max(...Object.keys(RECIPES).map((name) => name.length));
  output.say(title);
  for (const name of names) output.say(`  ${name.padEnd(width + 2)}${RECIPES[name].summary}`);
  output.say('');
}

/** One recipe: every setting with its reason, and what is published of it. */
function describeRecipe(output: Output, name: RecipeName): void {
  const { summary, architecture, model, training, reasons } = RECIPES[name];
  output.say(`${name}: ${summary}`);
  const width = Math.max(...Object.keys({ ...model, ...training }).map((key) => key.length)) + 2;
  const settings = (title: string, values: object) => {
    output.say(title);
    for (const [key, value] of Object.entries(values)) {
      const reason = whyUnused(key, training) ?? (reasons as Record<string, string | undefined>)[key];
      output.say(`  ${key.padEnd(width)}${String(value).padEnd(14)}${reason ?? ''}`.trimEnd());
    }
  };
  settings(`network: ${architecture}`, model);
  settings('training', training);
  const published = PUBLISHED[name];
  if (published?.testAccuracy !== undefined) {
    const { source, note, epochs, testAccuracy } = published;
    const after = epochs === undefined ? '' : ` after ${epochs} ${epochs === 1 ? 'epoch' : 'epochs'}`;
    output.say(`published: test accuracy ${testAccuracy}${after} (${source}).${note ? ` ${note}` : ''}`);
  }
}
