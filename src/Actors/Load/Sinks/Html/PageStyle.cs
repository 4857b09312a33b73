namespace Etl.Actors.Load.Sinks.Html;

/// <summary>How the page looks: light and dark, on screens from 390 pixels, and on paper. Of fonts it uses those that are there.</summary>
internal static class PageStyle
{
    public const string Css = """
        :root{color-scheme:light dark;--ground:#fff;--sheet:#f6f7f9;--text:#1b1f24;--quiet:#555e69;--line:#d5dae1;--bar:#2f6fb4;--lead:#174a80;--warn:#8a4b00;--good:#1a6b3a;--bad:#b3261e}
        @media (prefers-color-scheme:dark){:root{--ground:#14171b;--sheet:#1c2026;--text:#e8eaed;--quiet:#a8b1bc;--line:#39404a;--bar:#6ea8e6;--lead:#a5cbf5;--warn:#f2b35f;--good:#7fd19b;--bad:#ff9d94}}
        *{box-sizing:border-box}
        body{margin:0;overflow-wrap:anywhere;background:var(--ground);color:var(--text);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif}
        header,main,footer{max-width:72rem;margin:0 auto;padding:0 1.25rem}
        header{padding-top:2rem}
        h1{font-size:1.9rem;line-height:1.2;margin:0 0 .3rem}
        h2{font-size:1.25rem;line-height:1.3;margin:2.5rem 0 .6rem;padding-top:.8rem;border-top:1px solid var(--line)}
        h3{font-size:1rem;margin:0 0 .4rem}
        p,ul{margin:.4rem 0;max-width:52rem}
        .quiet,figcaption,caption{color:var(--quiet)}
        .answer{font-size:1.15rem}
        .good{color:var(--good)}.bad{color:var(--bad)}.warn{color:var(--warn)}
        figure{margin:1rem 0}
        figcaption{font-size:.9rem;margin-top:.4rem}
        svg{display:block;width:100%;overflow:hidden}
        svg text{fill:var(--text);font-size:14px}
        svg .figure{font-variant-numeric:tabular-nums}
        svg .note{fill:var(--quiet);font-size:12px}
        svg .bar{fill:var(--bar)}svg .axis{stroke:var(--line)}
        .grid{display:grid;grid-template-columns:repeat(auto-fill,minmax(18rem,1fr));gap:1rem}
        .card p{font-size:.9rem;margin-bottom:0}.card{background:var(--sheet);border:1px solid var(--line);border-radius:.5rem;padding:.9rem 1rem;break-inside:avoid;min-width:0}
        .scroll{overflow-x:auto;margin:.6rem 0}
        .scroll:focus-visible,summary:focus-visible{outline:3px solid var(--bar);outline-offset:2px}
        table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums;font-size:.95rem}
        caption{text-align:left;padding:.2rem 0 .4rem;font-size:.9rem}
        th,td{padding:.3rem .6rem;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
        thead th{border-bottom:2px solid var(--line);overflow-wrap:normal}
        tbody th{font-weight:500}
        th.n,td.n{text-align:right;white-space:nowrap;overflow-wrap:normal}
        tbody th.group{background:var(--sheet);font-weight:600}
        td.text{white-space:pre-wrap;font-family:ui-monospace,"DejaVu Sans Mono",monospace;font-size:.85rem}
        dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem;margin:.6rem 0}
        dt{color:var(--quiet)}
        dd{margin:0;min-width:0}
        summary{cursor:pointer;padding:.3rem 0}
        footer{margin-top:3rem;padding-bottom:2rem;font-size:.9rem}
        @media (max-width:40rem){h1{font-size:1.5rem}header{padding-top:1.2rem}header,main,footer{padding-left:.9rem;padding-right:.9rem}th,td{padding:.3rem .35rem}.wide{display:none}dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:.5rem}.grid{grid-template-columns:1fr}}
        @media print{:root{--ground:#fff;--sheet:#fff;--text:#000;--quiet:#444;--line:#bbb;--bar:#555;--lead:#000;--warn:#000;--good:#000;--bad:#000}body{font-size:10pt}header,main,footer{max-width:none;padding:0}tr,figure,.card{break-inside:avoid}h2,caption{break-after:avoid}thead{display:table-header-group}.scroll{overflow:visible}svg .bar{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
        """;
}
