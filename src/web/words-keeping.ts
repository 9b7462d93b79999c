/** The words of stars, and of what is put into the trash. English, 中文. */
export const keepingWords = {
  "star.reads-only": [
    "This page only reads: stars are given on the page of the machine that recorded it",
    "此页面只读：请在记录它的机器的页面上加星标",
  ],
  "trash.reads-only": [
    "This page only reads: records are deleted on the page of the machine that recorded them",
    "此页面只读：请在记录它们的机器的页面上删除",
  ],
  "trash.title": ["Delete", "删除"],
  "trash.why": ["Delete it; for ten seconds it can be undone", "删除；十秒内可以撤销"],
  "help.trash": ["delete, with ten seconds to undo", "删除，十秒内可撤销"],
  "star.title": ["Star", "星标"],
  "star.why": [
    "Star it: is:starred finds it, and it stays when old records are deleted",
    "加星标：可用 is:starred 找到，清理旧记录时也会保留",
  ],
  "ui.starred": ["starred", "已加星标"],
  "help.star": ["star it, so that it is kept", "加星标以保留"],
  "keep.starred": ["Starred: it is kept when old records are deleted", "已加星标：清理旧记录时会保留"],
  "keep.unstarred": ["No longer starred", "已取消星标"],
  "keep.trashed": ["{n} {n:record goes|records go} into the trash.", "{n} 条记录已放入回收站。"],
  "keep.deleted": ["{n} {n:record was|records were} deleted for good", "已永久删除 {n} 条记录"],
  "keep.kept": ["{n} could not be deleted: {why}", "有 {n} 条无法删除：{why}"],
  "keep.why.goes-on": ["it goes on still", "仍在进行"],
  "keep.why.gone": ["it is not there any more", "已不存在"],
  "keep.undone": ["Nothing was deleted", "没有删除任何内容"],
  "keep.in-trash": ["in the trash", "在回收站中"],
  "keep.nothing": ["Choose a row first", "请先选择一行"],
} as const;
