namespace Etl.CrashTest;

/// <summary>Chance that can be had again.</summary>
internal static class Chance
{
    /// <summary>The chance of a seed. Scattered first: of neighbouring seeds Random's first numbers are neighbours too.</summary>
    public static Random Of(int seed)
    {
        var scattered = unchecked((uint)seed * 2654435761u);
        return new((int)((scattered ^ (scattered >> 15)) & int.MaxValue));
    }
}
