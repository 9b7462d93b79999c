/** The words of stars, and of what is put into the trash. English, 中文. */
export const keepingWords = {
  "star.reads-only": [
    "This page only reads: stars are given on the page of the machine that recorded it",
    "此页面只读：请在记录它的机器的页面上加星标",
  ],
  "star.title": ["Star", "星标"],
  "star.why": [
    "Star it: is:starred finds it, and it stays when old records are deleted",
    "加星标：可用 is:starred 找到，清理旧记录时也会保留",
  ],
  "ui.starred": ["starred", "已加星标"],
  "help.star": ["star it, so that it is kept", "加星标以保留"],
  "keep.starred": ["Starred: it is kept when old records are deleted", "已加星标：清理旧记录时会保留"],
  "keep.unstarred": ["No longer starred", "已取消星标"],
  "keep.nothing": ["Choose a row first", "请先选择一行"],
} as const;
