-- What becomes of the parts of a word processor's document for which our Markdown has no words. Nothing that is written
-- is left out: cells that hold several paragraphs become one line each, pictures become what they are said to show, and
-- formulas their text. What is left out: the table of contents (the page makes its own), comments, empty headings.

local stringify = pandoc.utils.stringify

local function is_contents(style)
  local name = style:lower()
  return name:match("^toc ?%d") or name:match("^toc heading") or name:match("^contents ?%d")
    or name:match("^contents heading") or name:match("^table of figures")
end

local function one_line(inlines)
  return inlines:walk({
    LineBreak = function() return pandoc.Space() end,
    SoftBreak = function() return pandoc.Space() end,
  })
end

local function rows_of(table)
  local rows = pandoc.List()
  rows:extend(table.head.rows)
  local head = #rows
  for _, body in ipairs(table.bodies) do
    rows:extend(body.head)
    rows:extend(body.body)
  end
  rows:extend(table.foot.rows)
  return rows, head
end

-- The blocks of a cell as inlines on one line.
local function flat(blocks)
  local made = pandoc.List()
  local function add(inlines, mark)
    if #inlines > 0 then
      if #made > 0 then made:insert(pandoc.Str(mark)); made:insert(pandoc.Space()) end
      made:extend(one_line(pandoc.Inlines(inlines)))
    end
  end
  for _, block in ipairs(blocks) do
    if block.t == "BulletList" or block.t == "OrderedList" then
      for _, item in ipairs(block.content) do add(flat(item), ";") end
    elseif block.t == "Table" then
      for _, row in ipairs(rows_of(block)) do
        for _, cell in ipairs(row.cells) do add(flat(cell.contents), ";") end
      end
    elseif block.t == "Div" or block.t == "BlockQuote" or block.t == "Figure" then
      add(flat(block.content), "")
    elseif block.content then
      add(block.content, "")
    elseif block.text then
      add({ pandoc.Code(block.text) }, "")
    end
  end
  -- A mark of nothing between two paragraphs leaves a space alone.
  return made:filter(function(inline) return not (inline.t == "Str" and inline.text == "") end)
end

-- The cells of each row in their places: one that spans several leaves the others empty.
local function grid_of(rows, width)
  local grid, taken = {}, {}
  for number, row in ipairs(rows) do
    local place, line = 1, {}
    for _, cell in ipairs(row.cells) do
      while taken[number .. ":" .. place] do line[place] = {}; place = place + 1 end
      line[place] = { pandoc.Plain(flat(cell.contents)) }
      for below = 0, cell.row_span - 1 do
        for beside = 0, cell.col_span - 1 do
          taken[(number + below) .. ":" .. (place + beside)] = true
        end
      end
      for beside = 1, cell.col_span - 1 do line[place + beside] = {} end
      place = place + cell.col_span
    end
    for empty = 1, width do line[empty] = line[empty] or {} end
    grid[number] = line
  end
  return grid
end

local function plain_table(table)
  local width = #table.colspecs
  local rows = rows_of(table)
  if width == 0 or #rows == 0 then return {} end
  local grid = grid_of(rows, width)
  -- A table of one cell is a frame round a text.
  if width == 1 and #rows == 1 then
    return pandoc.Blocks(rows[1].cells[1].contents)
  end
  local aligns, widths = {}, {}
  for place = 1, width do aligns[place] = pandoc.AlignDefault; widths[place] = 0 end
  local head = grid[1]
  local body = {}
  for number = 2, #grid do body[number - 1] = grid[number] end
  local made = pandoc.Blocks({})
  local caption = pandoc.utils.blocks_to_inlines(table.caption.long)
  if #caption > 0 then made:insert(pandoc.Para(caption)) end
  made:insert(pandoc.utils.from_simple_table(pandoc.SimpleTable({}, aligns, widths, head, body)))
  return made
end

local function words_for_picture(image)
  local words = stringify(image.caption)
  if words == "" and image.title then words = image.title end
  if words == "" then return {} end
  return pandoc.Emph({ pandoc.Str(words) })
end

local RAISED = {
  ["0"] = { "⁰", "₀" }, ["1"] = { "¹", "₁" }, ["2"] = { "²", "₂" }, ["3"] = { "³", "₃" }, ["4"] = { "⁴", "₄" },
  ["5"] = { "⁵", "₅" }, ["6"] = { "⁶", "₆" }, ["7"] = { "⁷", "₇" }, ["8"] = { "⁸", "₈" }, ["9"] = { "⁹", "₉" },
}

-- Figures have letters of their own for standing high or low (m², CO₂); the rest stands on the line.
local function raised(inline, which)
  local text = stringify(inline)
  if not text:match("^%d+$") then return inline.content end
  return pandoc.Str((text:gsub("%d", function(figure) return RAISED[figure][which] end)))
end

local function in_letters(from)
  return function(number)
    return string.rep(string.char(from + (number - 1) % 26), (number - 1) // 26 + 1)
  end
end

local ROMAN = {
  { 1000, "m" }, { 900, "cm" }, { 500, "d" }, { 400, "cd" }, { 100, "c" }, { 90, "xc" }, { 50, "l" }, { 40, "xl" },
  { 10, "x" }, { 9, "ix" }, { 5, "v" }, { 4, "iv" }, { 1, "i" },
}

local function in_roman(number)
  local made = ""
  for _, step in ipairs(ROMAN) do
    while number >= step[1] do made = made .. step[2]; number = number - step[1] end
  end
  return made
end

-- Markdown counts 1, 2, 3 only. People cite "(b)" and "iv", so other lists keep their marks as words.
local labels = {
  LowerAlpha = in_letters(97),
  UpperAlpha = in_letters(65),
  LowerRoman = in_roman,
  UpperRoman = function(number) return in_roman(number):upper() end,
}

local first = {
  Div = function(div)
    local style = div.attributes["custom-style"] or ""
    if is_contents(style) then return {} end
    return div.content
  end,
  Span = function(span) return span.content end,
  Image = words_for_picture,
  Figure = function(figure)
    local made = pandoc.Blocks(figure.content)
    local caption = stringify(figure.caption.long)
    if caption ~= "" and caption ~= stringify(figure.content) then made:extend(figure.caption.long) end
    return made
  end,
  Link = function(link)
    if link.target:match("^https?://") or link.target:match("^mailto:") then
      link.attr = pandoc.Attr()
      link.title = ""
      return link
    end
    return link.content
  end,
  OrderedList = function(list)
    local label = labels[list.style]
    if label == nil then return nil end
    local made = {}
    for place, blocks in ipairs(list.content) do
      local said = label(list.start + place - 1)
      local before = list.delimiter == "TwoParens" and "(" or ""
      local after = (list.delimiter == "TwoParens" or list.delimiter == "OneParen") and ")" or "."
      local item = pandoc.Blocks(blocks)
      local words = pandoc.Inlines({ pandoc.Str(before .. said .. after), pandoc.Space() })
      if #item > 0 and (item[1].t == "Para" or item[1].t == "Plain") then
        words:extend(item[1].content)
        item[1].content = words
      else
        item:insert(1, pandoc.Plain(words))
      end
      made[place] = item
    end
    return pandoc.BulletList(made)
  end,
  Math = function(math) return pandoc.Code(math.text) end,
  RawInline = function() return {} end,
  RawBlock = function() return {} end,
  Underline = function(underline) return underline.content end,
  SmallCaps = function(small) return small.content end,
  Superscript = function(super) return raised(super, 1) end,
  Subscript = function(sub) return raised(sub, 2) end,
  Str = function(str)
    local text = str.text:gsub("\u{00a0}", " "):gsub("\u{00ad}", ""):gsub("\u{200b}", "")
    if text ~= str.text then return pandoc.Str(text) end
  end,
  LineBlock = function(block)
    local made = pandoc.Blocks({})
    for _, line in ipairs(block.content) do made:insert(pandoc.Para(line)) end
    return made
  end,
  DefinitionList = function(list)
    local made = pandoc.Blocks({})
    for _, item in ipairs(list.content) do
      made:insert(pandoc.Para({ pandoc.Strong(item[1]) }))
      for _, blocks in ipairs(item[2]) do made:extend(blocks) end
    end
    return made
  end,
}

local second = {
  Table = plain_table,
  Header = function(header)
    if stringify(header) == "" then return {} end
    header.attr = pandoc.Attr()
    header.content = one_line(header.content)
    return header
  end,
  Para = function(para) if stringify(para) == "" and #para.content < 2 then return {} end end,
}

-- What a document calls its title, subtitle, author and date is part of what it says.
local function words_in_front(doc)
  local made = pandoc.Blocks({})
  local function add(name, make)
    local value = doc.meta[name]
    if value == nil then return end
    local values = pandoc.utils.type(value) == "List" and value or { value }
    for _, one in ipairs(values) do
      if pandoc.utils.type(one) == "Blocks" then made:extend(one)
      elseif pandoc.utils.type(one) == "Inlines" and #one > 0 then made:insert(make(one)) end
    end
  end
  add("title", function(inlines) return pandoc.Header(1, inlines) end)
  add("subtitle", function(inlines) return pandoc.Para(inlines) end)
  add("author", function(inlines) return pandoc.Para(inlines) end)
  add("date", function(inlines) return pandoc.Para(inlines) end)
  add("abstract", function(inlines) return pandoc.Para(inlines) end)
  return made
end

function Pandoc(doc)
  local blocks = words_in_front(doc)
  blocks:extend(doc.blocks)
  return pandoc.Pandoc(blocks:walk(first):walk(second), {})
end
