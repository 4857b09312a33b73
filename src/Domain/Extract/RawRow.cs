namespace Etl.Domain.Extract;

/// <summary>One row of a source, text only: what stood where, without meaning.</summary>
/// <param name="Input">Number of the input, from 0.</param>
/// <param name="Row">Number of the data row, from 1; header rows are not counted.</param>
/// <param name="Line">Line in the file, from 1, where known.</param>
/// <param name="Offset">Byte offset in the file, where known.</param>
/// <param name="Year">Empty when the row tells no year.</param>
public sealed record RawRow(int Input, long Row, long? Line, long? Offset, string Name, string Value, string Year);
