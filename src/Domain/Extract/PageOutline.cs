using System.Collections.Immutable;

namespace Etl.Domain.Extract;

/// <summary>One table of a page with the words that name it.</summary>
/// <param name="Caption">Its caption.</param>
/// <param name="Grid">Its cells.</param>
/// <param name="OuterHeading">For a table inside a cell of another: the text that stands above it there.</param>
/// <param name="Outer">Index of the table that it stands in, null when it stands in none.</param>
public sealed record PageTable(string? Caption, Grid Grid, string? OuterHeading = null, int? Outer = null);

/// <summary>What of a page matters for finding a table: running text and navigation are not in it.</summary>
/// <param name="Title">The document's title.</param>
/// <param name="Heading">The first main heading.</param>
/// <param name="EditionDate">The day on which the page was last changed, as the page tells it.</param>
/// <param name="Tables">All tables in document order; an outer table stands before its inner ones.</param>
public sealed record PageOutline(string? Title, string? Heading, DateOnly? EditionDate, ImmutableArray<PageTable> Tables);
