using System.Globalization;
using Etl.Domain.Countries;
using Etl.Domain.Load;

namespace Etl.Actors.Load.Sinks.Html;

/// <summary>What stands behind the answer: what was chosen, where every row went, what somebody should look at.</summary>
internal static class Account
{
    private const int MaxInputs = 20;
    private const int MaxWarnings = 50;
    private const int MaxSetAside = 100;

    /// <summary>Source, table, column, unit, options.</summary>
    public static Markup Chosen(Report report)
    {
        var options = report.Spec.Options;
        var edition = Edition.Of(report);
        var unit = edition.Unit is null or "usd" ? edition.Unit?.ToUpperInvariant() : "USD " + edition.Unit;
        var years = report.Choices.IsEmpty ? "" : report.Choices[0].Years;
        var names = report.Spec.Inputs.Select((_, i) => QuarantineEntry.SourceName(report.Spec.Inputs, i)).Take(MaxInputs).Select(Say.Name);
        var more = report.Spec.Inputs.Count > MaxInputs ? $" and {Say.Number(report.Spec.Inputs.Count - MaxInputs)} more" : "";
        return Markup.Of($"""
            <dl>
            {Item("Input", Markup.Of($"{Markup.Join(", ", names)}{more}"))}{Item("Title", edition.Title)}{Item("Table", edition.Table)}{Item("Column", edition.Column)}{Item("Unit", unit)}{Item("Years", years)}{Item("Edition of", edition.AsOf)}{Item("SHA-256", edition.ContentSha256)}{Item("Year asked for", options.Year.ToString())}{Item("Regions", options.Regions)}{Item("Same country and year twice", options.Duplicates.ToString().ToLowerInvariant())}{Item("Threshold", $"{Say.Plain(options.ThresholdBillions)} billion USD")}{Item("Version", report.Spec.ProductVersion)}</dl>

            """);
    }

    /// <summary>Where every row that was read went.</summary>
    public static Markup Counts(CountEquation counts)
    {
        (string Term, long Rows, string Meaning)[] terms =
        [
            ("counted", counts.Counted, counts.Unassigned == 0 ? "the value is in the answer" : $"the value is in the answer; {Say.Number(counts.Unassigned)} of them without a region"),
            ("superseded", counts.Superseded, "rows of other years, and repeated rows"),
            ("missing", counts.Missing, "known countries without a value"),
            ("aggregates", counts.Aggregates, "the world and other groups, which are no countries"),
            ("quarantined", counts.Quarantined, "rows that could not be read, set aside"),
        ];
        var rows = terms.Select(t => Markup.Of($"<tr><th scope=\"row\">{t.Term}</th><td class=\"n\">{t.Rows}</td><td>{t.Meaning}</td></tr>\n"));
        var sum = string.Join(" + ", terms.Select(t => $"{Say.Number(t.Rows)} {t.Term}"));
        var verdict = counts.Holds ? Markup.Of($"<span class=\"good\">✓ holds</span>") : Markup.Of($"<span class=\"bad\">✗ does not hold</span>");
        return Markup.Of($"""
            <p>{counts.Read} read = {sum} {verdict}</p>
            {Tables.Scrolling("counts", Markup.Of($"""
            <caption id="counts">Every row that was read is in one of these</caption>
            <thead><tr><th scope="col">Rows</th><th scope="col" class="n">Number</th><th scope="col">Meaning</th></tr></thead>
            <tbody>
            {Markup.Join(rows)}</tbody>
            """))}
            """);
    }

    /// <summary>Warnings, and countries that are known and not in an answer.</summary>
    public static Markup Notes(Report report)
    {
        var warnings = report.Warnings.Take(MaxWarnings).Select(w => Markup.Of($"<li>{Say.Name(w)}</li>\n"));
        var more = report.Warnings.Count > MaxWarnings ? Markup.Of($"<p>and {report.Warnings.Count - MaxWarnings} more in run.json</p>\n") : Markup.None;
        return Markup.Of($"""
            {(report.Warnings.IsEmpty ? Markup.Of($"<p>No warnings.</p>\n") : Markup.Of($"<ul class=\"warn\">\n{Markup.Join(warnings)}</ul>\n{more}"))}{Countries("Without a value: ", report.MissingCountries)}{Countries("Without a region in this scheme, so in no average: ", report.UnassignedCountries)}
            """);
    }

    /// <summary>The first rows that were set aside, and how many there are.</summary>
    public static Markup SetAside(Report report)
    {
        if (report.Counts.Quarantined == 0) return Markup.Of($"<p>No row was set aside.</p>\n");
        QuarantineEntry[] shown = [.. QuarantineEntry.Of(report).Take(MaxSetAside)];
        var all = Say.Count(report.Counts.Quarantined, "row", "rows");
        if (shown.Length == 0) return Markup.Of($"<p>{all} set aside, without details (--quarantine-limit 0).</p>\n");
        return Tables.Quarantine("quarantine", shown, shown.Length < report.Counts.Quarantined
            ? $"The first {Say.Number(shown.Length)} of {all} set aside; quarantine.jsonl has more" : $"{all} set aside");
    }

    private static Markup Countries(string heading, IEnumerable<string> codes)
    {
        // The directory is what gave the countries their names.
        Markup[] names = [.. codes.Select(c => CountryCode.TryParse(c, out var code) && CountryDirectory.Default.Find(code) is { } known ? known.Name : c).Select(Say.Name)];
        return names.Length == 0 ? Markup.None
            : Markup.Of($"<p>{heading}{Markup.Join(", ", names)} <span class=\"quiet\">({names.Length.ToString(CultureInfo.InvariantCulture)})</span></p>\n");
    }

    private static Markup Item(string term, string? value) => string.IsNullOrEmpty(value) ? Markup.None : Item(term, Say.Name(value));

    private static Markup Item(string term, Markup value) => Markup.Of($"<dt>{term}</dt><dd>{value}</dd>\n");
}
