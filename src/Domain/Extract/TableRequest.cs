using Etl.Domain.Map;

namespace Etl.Domain.Extract;

/// <summary>What is wanted of a page.</summary>
/// <param name="Publisher">Whose estimate.</param>
/// <param name="UnitOverride">Unit to take when the page does not tell it; a unit that the page states is never overridden.</param>
/// <param name="AsOf">Date of the page when it tells none itself; wins over the page's own date.</param>
/// <param name="ColumnYear">Which column to take when a publisher has several; null takes the latest not after the page's date.</param>
/// <param name="Input">Ordinal of the input, carried into the rows.</param>
public sealed record TableRequest(Publisher Publisher = Publisher.Imf, Unit? UnitOverride = null, DateOnly? AsOf = null, int? ColumnYear = null, int Input = 0);
