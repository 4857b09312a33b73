namespace Etl.Domain.Extract.Files;

/// <summary>The names of the columns that a user asks for; null: to be recognised.</summary>
public sealed record ColumnNames(string? Country, string? Year, string? Value);
