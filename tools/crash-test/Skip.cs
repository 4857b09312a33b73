namespace Xunit;

/// <summary>In tests, what is missing skips them. A program that was asked for it can only say so.</summary>
internal static class Skip
{
    /// <summary>Ends with the reason when the condition holds.</summary>
    public static void If(bool condition, string? reason)
    {
        if (condition) throw new InvalidOperationException(reason);
    }
}
