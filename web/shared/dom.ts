type Attributes = Record<string, string | number | true>;

/** An element with attributes and children; no markup is parsed, so that pages with Trusted Types take it. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    node.setAttribute(name, value === true ? '' : String(value));
  }
  node.append(...children);
  return node;
}
