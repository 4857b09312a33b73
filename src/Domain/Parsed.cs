namespace Etl.Domain;

/// <summary>What reading a person's text gave: the value, or a refusal that names the place and the remedy. Closed.</summary>
/// <typeparam name="T">The value that was asked for.</typeparam>
public abstract record Parsed<T>
{
    private Parsed() { }

    /// <summary>The text was understood.</summary>
    public sealed record Ok(T Value) : Parsed<T>;

    /// <summary>The text was not understood; nothing of it is used.</summary>
    /// <param name="Line">One-based line of the text, 0 when the refusal concerns no line.</param>
    /// <param name="Problem">What is wrong, with the offending text.</param>
    /// <param name="Remedy">What to do about it.</param>
    public sealed record Refused(int Line, string Problem, string Remedy) : Parsed<T>
    {
        /// <summary>Line, problem and remedy as one sentence for the screen.</summary>
        public string Message => Line > 0 ? $"line {Line}: {Problem}; {Remedy}" : $"{Problem}; {Remedy}";
    }
}
