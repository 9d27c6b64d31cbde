import Lessons

/// The style of the site: system fonts, one accent color, light or dark as the system prefers.
enum SiteStyle {
  static let css = colours + text + markdown + frame + code + activities + reference + print

  /// The style with that of the pictures, which get the page's colors.
  static func css(withPictures style: String) -> String {
    style + pictures + css
  }

  /// The icon: the two ends of a path with a NAT between them.
  static let icon = """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
    <rect width="32" height="32" rx="7" fill="#1f5f8b"/>
    <path d="M7 23C7 12 25 20 25 9" fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round"/>
    <circle cx="7" cy="23" r="3.5" fill="#fff"/><circle cx="25" cy="9" r="3.5" fill="#fff"/>
    </svg>

    """

  private static let colours = """
    :root {
      color-scheme: light dark;
      --page: #fdfcfa; --ink: #22262b; --soft: #5c646e; --line: #dfdcd6; --wash: #f4f2ee;
      --accent: #1a5a86; --mark: #e9eff4; --warn: #a13a1f;
      --keyword: #8a2f72; --type: #1d6370; --string: #9a3c24; --number: #2d4fa3;
      --comment: #69717a; --attribute: #7a5a12;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --page: #17191c; --ink: #d8dade; --soft: #9aa2ac; --line: #33373d; --wash: #1f2226;
        --accent: #82b8df; --mark: #222b33; --warn: #f0a088;
        --keyword: #d79ac6; --type: #86c5cf; --string: #e5a58f; --number: #a5bbf0;
        --comment: #929aa4; --attribute: #d8bd7c;
      }
    }

    """

  private static let text = """
    *, *::before, *::after { box-sizing: border-box; }
    html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; scroll-padding-top: 1rem; }
    body {
      margin: 0; background: var(--page); color: var(--ink);
      font: 1.0625rem/1.65 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
      overflow-wrap: break-word;
    }
    h1, h2, h3, h4, h5, h6 { line-height: 1.25; text-wrap: balance; margin: 2rem 0 0.75rem; }
    h1 { font-size: 2.1rem; letter-spacing: -0.015em; margin: 0 0 1.5rem; }
    h2 { font-size: 1.45rem; letter-spacing: -0.01em; }
    h3 { font-size: 1.125rem; }
    h4, h5, h6 { font-size: 1rem; }
    p, ul, ol, blockquote, figure, details, table { margin: 0 0 1.1rem; }
    ul, ol { padding-left: 1.5rem; }
    li { margin-bottom: 0.35rem; }
    li > :last-child { margin-bottom: 0; }
    li::marker { color: var(--soft); }
    a { color: var(--accent); text-underline-offset: 0.18em; text-decoration-thickness: 0.06em; }
    a:hover { text-decoration-thickness: 0.12em; }
    :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 2px; }
    blockquote { padding-left: 1rem; border-left: 3px solid var(--line); color: var(--soft); }
    hr { border: 0; border-top: 1px solid var(--line); margin: 2rem 0; }
    img { max-width: 100%; height: auto; }

    """

  private static let markdown = """
    .table { overflow-x: auto; margin: 0 0 1.1rem; }
    .table table { border-collapse: collapse; margin: 0; font-size: 0.92rem; line-height: 1.45; }
    .table th, .table td {
      text-align: left; vertical-align: top; padding: 0.35rem 0.7rem; border: 1px solid var(--line);
    }
    .table th { background: var(--wash); font-weight: 600; }
    .table .center { text-align: center; }
    .table .trailing { text-align: right; font-variant-numeric: tabular-nums; }
    .callout { margin: 0 0 1.1rem; padding: 0.7rem 1rem 0.1rem; border-left: 3px solid var(--accent); background: var(--mark); }
    .callout.warning, .callout.danger { border-left-color: var(--warn); }
    .callout .title, .callout summary { font-weight: 600; margin-bottom: 0.6rem; }
    .embed { color: inherit; }
    .task { list-style: none; margin-left: -1.5rem; }
    .footnotes { border-top: 1px solid var(--line); padding-top: 1rem; font-size: 0.92rem; }
    pre.math { background: none; }

    """

  private static let frame = """
    .skip { position: absolute; left: -100vw; }
    .skip:focus { left: 1rem; top: 0.5rem; background: var(--page); padding: 0.25rem 0.5rem; }
    header.site, main, footer.site { max-width: 46rem; margin: 0 auto; padding: 0 1.25rem; }
    header.site { padding-top: 1rem; padding-bottom: 2rem; font-size: 0.9rem; color: var(--soft); }
    header.site a { color: var(--ink); font-weight: 650; text-decoration: none; }
    header.site a:hover { text-decoration: underline; }
    header.site span { margin-left: 0.5rem; }
    footer.site {
      margin-top: 4rem; padding-top: 1rem; padding-bottom: 2rem; font-size: 0.85rem;
      color: var(--soft);
    }
    .index main { padding-top: 3.5rem; }
    @media (max-width: 40rem) { header.site span { display: none; } }
    .text > section { margin-top: 3.25rem; }
    .text > section:first-child { margin-top: 2rem; }
    .text > section:first-child h2 { margin-top: 0; }
    h2 .number { color: var(--soft); font-weight: 400; margin-right: 0.35rem; }
    h2 .here { color: var(--soft); text-decoration: none; font-weight: 400; opacity: 0; }
    h2:hover .here, h2 .here:focus { opacity: 1; }
    @media (hover: none) { h2 .here { opacity: 0.5; } }
    .contents { font-size: 0.9rem; line-height: 1.45; margin-bottom: 2.5rem; }
    .contents details { margin: 0; }
    .contents ol { padding: 0; margin: 0; list-style: none; counter-reset: step; }
    .contents li { counter-increment: step; display: flex; gap: 0.6rem; margin: 0; }
    .contents li::before {
      content: counter(step); color: var(--soft); min-width: 1.2rem; text-align: right;
      padding: 0.2rem 0; font-variant-numeric: tabular-nums;
    }
    .contents a { color: var(--soft); text-decoration: none; padding: 0.2rem 0; }
    .contents a:hover { color: var(--accent); text-decoration: underline; }
    .along {
      display: flex; justify-content: space-between; gap: 1rem; margin-top: 4rem;
      padding-top: 1.25rem; border-top: 1px solid var(--line);
    }
    .along a { text-decoration: none; max-width: 48%; line-height: 1.35; }
    .along a:hover { text-decoration: underline; }
    .along span { display: block; font-size: 0.8rem; color: var(--soft); }
    .along .next { margin-left: auto; text-align: right; }
    .lead { font-size: 1.15rem; color: var(--soft); }
    .course { list-style: none; padding: 0; margin: 3rem 0; }
    .course > li { margin-bottom: 2.5rem; }
    .course h2 { margin: 0 0 0.5rem; }
    .course h2 a { text-decoration: none; }
    .course h2 a:hover { text-decoration: underline; }
    .course ol { padding: 0; list-style: none; font-size: 0.95rem; line-height: 1.5; }
    .course ol li { margin: 0; }
    .course ol a { color: var(--soft); text-decoration: none; display: inline-block; padding: 0.1rem 0; }
    .course ol a:hover { color: var(--accent); text-decoration: underline; }
    .course .exercises { margin-top: 0.5rem; font-size: 0.95rem; }
    @media (min-width: 40rem) {
      .course ol { columns: 2; column-gap: 2rem; }
      .course ol li { break-inside: avoid; }
    }
    @media (min-width: 72rem) {
      .note header.site, .note main, .note footer.site { max-width: 64.5rem; }
      .note article { display: grid; grid-template-columns: 15rem minmax(0, 43.5rem); column-gap: 3.5rem; }
      .note h1, .note .text { grid-column: 2; }
      .note .along, .note footer.site p { margin-left: 18.5rem; }
      .contents {
        grid-column: 1; grid-row: 1 / span 2; position: sticky; top: 1.5rem; align-self: start;
        max-height: calc(100vh - 3rem); overflow-y: auto; margin: 0;
      }
      @supports selector(::details-content) {
        /* Beside the text the steps need not be unfolded. */
        .contents summary { display: none; }
        .contents details::details-content { content-visibility: visible; block-size: auto; }
      }
    }
    .source header.site, .source main, .source footer.site { max-width: 62rem; }
    .source h1 { font-size: 1.2rem; }

    """

  private static let code = """
    code, samp, pre {
      font-family: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono",
        monospace;
      font-size: 0.875em;
    }
    :not(pre) > code { background: var(--wash); padding: 0.1em 0.3em; border-radius: 4px; }
    a > code { color: inherit; }
    pre {
      margin: 0 0 1.1rem; padding: 0.9rem 1rem; overflow-x: auto; background: var(--wash);
      border-radius: 6px; font-size: 0.82rem; line-height: 1.55; tab-size: 4;
    }
    pre > code, pre > samp { font-size: inherit; }
    .keyword { color: var(--keyword); font-weight: 600; }
    .type { color: var(--type); }
    .string { color: var(--string); }
    .number { color: var(--number); }
    .comment { color: var(--comment); font-style: italic; }
    .attribute { color: var(--attribute); }
    figure { margin: 1.6rem 0; border: 1px solid var(--line); border-radius: 8px; overflow: hidden; }
    figure pre { margin: 0; border-radius: 0; }
    figcaption, figure .label, figure summary {
      font-size: 0.8rem; line-height: 1.5; color: var(--soft); margin: 0; padding: 0.45rem 1rem;
    }
    figcaption { border-bottom: 1px solid var(--line); }
    figcaption code { background: none; padding: 0; }
    figcaption a { color: inherit; text-decoration: none; }
    figcaption a:hover { text-decoration: underline; }
    figure.quotation figcaption a { color: var(--accent); }
    figure .label, figure details { border-top: 1px solid var(--line); }
    figure .label { padding-bottom: 0; }
    pre.output { background: none; }
    figure details { margin: 0; padding: 0; }
    figure .label + details { margin-top: 0.55rem; }
    figure summary { color: var(--accent); }
    figure ol { margin: 0.2rem 0 0.5rem; padding: 0 1rem 0 2.4rem; font-size: 0.9rem; }
    figure ol li { margin: 0.1rem 0; }
    figure details p { margin: 0; padding: 0.2rem 1rem; font-size: 0.9rem; }
    .dump { overflow-x: auto; margin: 1.6rem 0; border: 1px solid var(--line); border-radius: 8px; }
    .dump table { border-collapse: collapse; width: 100%; margin: 0; font-size: 0.875rem; line-height: 1.5; }
    .dump caption {
      caption-side: top; text-align: left; font-size: 0.8rem; color: var(--soft); padding: 0.45rem 1rem;
    }
    .dump th, .dump td {
      text-align: left; vertical-align: top; padding: 0.3rem 0.6rem; border-top: 1px solid var(--line);
    }
    .dump th { font-size: 0.8rem; font-weight: 400; color: var(--soft); }
    .dump th:first-child, .dump td:first-child {
      text-align: right; color: var(--soft); padding-left: 1rem; font-variant-numeric: tabular-nums;
    }
    .dump td:nth-child(2) { white-space: nowrap; }
    .dump td code { background: none; padding: 0; font-size: 0.8rem; }
    .dump .bits td { border-top-color: transparent; color: var(--soft); }
    .dump .bits code { font-size: 0.7rem; }
    .dump .problem { color: var(--warn); }
    .dump td:last-child { overflow-wrap: anywhere; }
    @media (max-width: 40rem) {
      .dump th, .dump td { padding: 0.3rem 0.35rem; }
      .dump td { font-size: 0.8rem; line-height: 1.45; }
      .dump .bits td:nth-child(2) { white-space: normal; width: 6.5rem; }
      .dump th:first-child, .dump td:first-child { padding-left: 0.6rem; }
    }
    pre.source { counter-reset: line; padding-left: 0; }
    pre.source .line { counter-increment: line; display: inline-block; min-width: 100%; padding-right: 1rem; }
    pre.source .line::before {
      content: counter(line); display: inline-block; width: 3.2rem; padding-right: 1rem;
      text-align: right; color: var(--comment);
    }
    pre.source .line:target { background: var(--mark); box-shadow: inset 3px 0 var(--accent); }

    """

  private static let pictures = """
    .picture { overflow-x: auto; }
    .picture svg { display: block; max-width: none; }
    .picture .pathfinder { --ground: var(--page); }
    @media print { .picture svg { max-width: 100%; } }

    """

  private static let activities = """
    .question, .exercise {
      margin: 2.25rem 0; padding: 1.1rem 1.25rem 0.25rem; background: var(--mark); border-radius: 8px;
    }
    .question h3, .exercise h3 { margin-top: 0; }
    .kind {
      display: block; font-size: 0.75rem; font-weight: 650; letter-spacing: 0.06em;
      text-transform: uppercase; color: var(--accent); margin-bottom: 0.25rem;
    }
    .course .kind { display: inline; margin-right: 0.4rem; }
    .question code, .exercise p code, .exercise li code { background: none; padding: 0; }
    .question pre, .exercise pre { background: var(--page); }
    .label { font-size: 0.8rem; color: var(--soft); margin-bottom: 0.35rem; }
    summary { cursor: pointer; color: var(--accent); }
    summary:hover { text-decoration: underline; }
    details > :nth-child(2) { margin-top: 0.6rem; }
    figure details > :nth-child(2) { margin-top: 0; }
    @media screen {
      .example:has(> details.output:not([open])) + .behind { display: none; }
    }

    """

  private static let reference = """
    header.site .words { float: right; font-weight: 400; }
    .keep { margin-top: 2.5rem; font-size: 0.9rem; color: var(--soft); }
    .note .keep { margin-bottom: -2.5rem; }
    @media (min-width: 72rem) { .note .keep { margin-left: 18.5rem; } }
    .letters { margin-bottom: 2rem; }
    .letters a { display: inline-block; min-width: 1.6rem; padding: 0.2rem 0; text-decoration: none; }
    .glossary { margin: 0; }
    .glossary dt { font-weight: 650; }
    .glossary dt a { color: inherit; text-decoration: none; }
    .glossary dt a:hover { text-decoration: underline; }
    .glossary dt span { font-weight: 400; color: var(--soft); margin-left: 0.35rem; }
    .glossary dt:target { background: var(--mark); box-shadow: -0.75rem 0 var(--mark), 0.75rem 0 var(--mark); }
    .glossary dd { margin: 0 0 1.4rem; }
    .glossary dd p { margin-bottom: 0.2rem; }
    .sheet header.site, .sheet main, .sheet footer.site { max-width: 54rem; }
    .sheet .table td:first-child { white-space: nowrap; }
    @media (max-width: 40rem) { .sheet .table td:first-child { white-space: normal; } }

    """

  private static let print = """
    @page sheet { size: A4; margin: 16mm; }
    @media print {
      .sheet { page: sheet; }
      .sheet header.site, .sheet footer.site, .keep { display: none; }
      .sheet h1 { margin-bottom: 1rem; }
      .sheet .picture svg { display: block; margin: 0 auto; max-width: 100%; max-height: 120mm; height: auto; }
      .sheet pre.output { border: 0; padding: 0; white-space: pre; overflow-wrap: normal; font-size: 8.5pt; line-height: 1.25; }
      .sheet .picture, .sheet pre, .sheet ol { margin-bottom: 0.9rem; }
      .letters { display: none; }
      .glossary { columns: 2; column-gap: 8mm; font-size: 9.5pt; }
      .glossary dt { break-after: avoid; }
      .glossary dd { break-inside: avoid; }
      :root {
        color-scheme: light;
        --page: #fff; --ink: #000; --soft: #444; --line: #bbb; --wash: #fff; --mark: #fff;
        --accent: #000; --keyword: #000; --type: #000; --string: #000; --number: #000;
        --comment: #444; --attribute: #000;
      }
      body { font-size: 10.5pt; line-height: 1.45; }
      header.site, main, footer.site { max-width: none !important; padding: 0 0 1rem; }
      .note article { display: block; }
      .note footer.site p { margin-left: 0; }
      .contents, .along, .skip, h2 .here { display: none; }
      pre { white-space: pre-wrap; overflow-wrap: anywhere; }
      pre, .question, .exercise { border: 1px solid var(--line); }
      figure pre { border: 0; }
      h1, h2, h3, figcaption { break-after: avoid; }
      figure, .question, tr { break-inside: avoid; }
      a { text-decoration: none; }
    }
    """
}
