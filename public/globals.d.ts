/** What other scripts put into the page. */
declare const htmx: {
  swap(context: object): Promise<void>;
  process(element: Node): void;
  trigger(element: Element, name: string): void;
};
