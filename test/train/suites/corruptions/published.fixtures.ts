/** MNIST's test digits that were corrupted: a 7, a 1, an 8 and a 2. */
export const DIGITS = [0, 2, 61, 149] as const;

/** The linear congruential generator that both sides drew from starts from this and the digit's number. */
export const FIRST_SEED = 1000;

/**
 * What the published generator itself makes of the digits, `[4, 28, 28]` bytes, deflated, as base64. It ran on numpy 2.4.6, scipy
 * 1.17.1, scikit-image 0.26.0, OpenCV 5.0.0 and ImageMagick 6.9.11-60 through Wand 0.7.2, with two functions put back to what
 * scikit-image 0.14 had: `AffineTransform`'s shear, and `gaussian` on a grey picture said to have channels.
 */
export const PUBLISHED = {
  shot_noise:
    'eNrtVltuw0AI5JJzybnkFNapW3uBDyK1UdqNonxseJh5YLN3ORSJ4k5+CAKQibrcQfCvaP7rOYrkK0lZG2TdF+owCfVdE1ZX' +
    'U12OXcY6JZvnNtmgmjjqX3U1x3AyyFc8wgh368C1EXHRgdt10iFvozt0sseEgwBHKZunY4NPR3kOB/a3D0pSIIzeMczMNYzO' +
    'dwFiIewQOUgeGzrjPerU1x3I76DfXVRfTWpDmQ99MellMdeXlX8SP/RcIUDmRsjcDLnWGxLWBm8VE9M+LK2QZJSxSX3fkkro' +
    'izXfiC16BP4J/HNKUeOf6Oz6ieWparmx2DkuvkXC4uUrZJLK+dRQbtQH15RlPN41tJUMB/hUivbI8/+4XeKyFcHhWHtxNGnx' +
    'G286H8bH9GE=',
  impulse_noise:
    'eNqtVktIlFEUPjmljjbaKIYPsLBBhB5uBCstqgmzpglKIQqix0IorEAXJUXawoK0diXRYnqQhG5cRKAtIgSFdBxNZAIdHzhT' +
    '9hCcwLLGe07/6Nj89//vtZnqLP5zX+f9nXt/gBAR8ETcKomYRFJHpNJFi5xUUiqlpFdHqhWBpfBSebujqdgi9mAUFfJ3BUmR' +
    'aClQ67VWlVY9mcQJ5cRPH6I+BWZIslqtRWlf6JzAqwVWxgZSlgLUBLb2I5WRNDG0CcQxFf3AncJIFVaPL1dJNBqdc9tlZbiG' +
    'LyTGyBaYkZUx1YPNXLnCvhh6cHiDRC6XUASgIK0DrF6hhhiFJ/WABWopldgOwIU9ISEO55EYFzXoSokMrCRxOCKi5QUosgnk' +
    'wnmpjqPzR8KmNOZu+qVGN8M9sTllWI7yXn4zlihrPYJ32hb4TSexU5rYRrTLLo9t08542RVzlZ5yIuo7AVCa+PQptzQpl9HB' +
    'K1RRE96R1sCLe3RQWQJoQL53G50GSZoT3FgjDaGrLeEPWOJvSBF+o0Iy/d3BaLtFKCgayxXn54urB8ZKYNRP4Lq726TdAmKM' +
    'ofJBNpTBbRX2IHXX1hafKN/bNIqPOMu3gHWnhpx5wDRvIWPm0PyAnw1ymDrLWMXiNMcH7CEfEIEvL9jw95HweYbm0u0ClzGn' +
    '9DNj4w0mbSrMxNyE7FOdWVtnggofMfLaTVpUQEkLKpck4SUOK8o4k94jY+3VuwbZXBqf/uYpBvB4iymOZhluhfADp/A6JY9v' +
    'odbRq3BvsqY0N/xAynNKgN4cDUIJsqob+4BcfVeSI4OOOt1Ey3WBTB8J37z/0QRRyBIt9wD8i8UF8ZUGXQNRyOjBaTgdI+io' +
    '4GB9w/j861yp3pLpr1lqDznZskCpNGIaqtG/qpRV1eawrdmoiT7opOnMDHkm0Ectel2HntVlQ6wdsUP3j1oEtiA/hiNzHwq1' +
    'yXQqXQD7vU4iz7c83s/WSmWWPTmSDmAhdzbv5pgdbG6wBCcWjzuRS9t11vrdk7m4YvGTUR3F6lcDp5KWju6D/ji1u/Gxar9n' +
    'O2KkyDkeuCD/Eb8YOCwFlaFzXA6lGJK1DUX5v8Kj7BcvTubU',
  glass_blur:
    'eNrNVftPU1ccP+fclktftOWW0hWkQEulD9vSlqvVllJAQV6CERV1oxaYYzwEHBZhOpwKGt4yJYhOhg7YovExJZuPTYPGOGVR' +
    'fGwmS4xmy7JpsmT7BwaKcm97r78sS3Z+aZPP/Zzv63M+XwD+u4NjALJAkAid+UEMCD9EzIEQ8eLhDAwRlbRwoZVQSiVqLx+q' +
    '+YiPz2FS0nfI56jKSc/IcAo2LUlIFsyFtsjj2tYvH64ZbCvrSUvp3LMlSjjH4yFjU+eu1E/2rRzqSrhyps2hm4uHAb5uR+qq' +
    '9OKtb9ctPff9ZCtJzTQMFUhiHI2GtLya3GeXMzOpGBfKECKMWKRqPOv2O5sjA2p8ebf+utu79Rhjizid+8rS9SQThPDT9QMr' +
    'UGhw5yCwKLZOFO2HwW0VYODsgrin9TaGC1UQ3W6J+qaSYRhAiWwNk4ts7zElYg09VTa8hBOLBQIYQAbjzRFTLRfiQZoApGTo' +
    't22iRAQYeBMxvz7XSBGjYibWPb+v0jKqSVCy6uzPpjBGTLW3wDGwgFmHgi2GBH34GxSM3oDpAKu6QR0AIsjK4+gkgMsSb6HH' +
    'CEUsyfR4pWGMPITEvpQIAyPLqo0+X+xVBAlw5uyvjPldf5RDx2Y/zZqf8iR0TcBlGS/D8eX5JzRSwMTDQdHoxtLA2uGL2hA4' +
    '3DeuYUpSM/3OL/SeZGx3KZTHV9iLGZutwdy+ancJc7tgzppL3bEsU7g4OGZnmRB2sdozj4Um/3igLJsF8/zw8LiSUboAVv9x' +
    'L4Ux3LRF7j1xhnni07yWDTY5mzYXezE+m70KYiGrONmRf30gszrZCUYc8TEEYWhQUggNcZLUCoIjTBKhANAe/wVqt2evES5t' +
    'KtTj9OsPl2cr01Zu320eGz73kVlMw9a7rA2LS04UbTt/6mTVDictXK6rYeoYOdXsq/psbKSrlerl5onhXY+7jT8lk+qchht3' +
    'LlAw0a5L/ku39NEjgiKZs/6r03cpWIjZ7j741MFL4r5vbRw9XfCMMi0dJmypmzoktSeSeUsGKhqvR89htSjJXzbRvmLM7/l8' +
    'mWm8Jo//yhwwoDflWjY8mBx7sK7/UKll3CCcbbsV2UMiR6PTlj26+8uP/kqLs8WmnlUs6DD3EoUPZZ3HHjX9/ee1xHCxBc3u' +
    'PxewtpWbKiZTv75+v/XBX/0EH71e2XKAMgaaq7t7Dhz89rvea4W4jDZma/2mmwcOr9txs2nCMWyly74ubtOtKyd9l/tin8iu' +
    'dtAXlTk8raH3S/KeJeGqc/1a+liluCTakCW4kbIxb6W0mo6FAC4iJLCrUi1UhmiDdRcihgkahKCYSWzcGQ1OfwP+9wdyAeta' +
    'wQzTW5zRDSAeVeXU8lwYE0hkZdf6VYoIFMwCuNJU8qHbYAzyERGBAd686u3bhyRxgQ8zAY8CkUKbLf+xzBwAqUXcDFwrJnXp' +
    'j930pwcSy6HIaqpzZ2z23HFy6CVuSYJv+Vp2V1V0HL1s59P3uFURmfzBYGr+Ee/UeQehpxWgzStR5K4OL20fmRzoz1dQyw/b' +
    '0LlTQs6PIHMGr2YdPRIlo5Sv1RzXKSvilnsae9a68s+uztSi1w0IC22OclrJWntNVrhM0r2t612t6nU8FJsXZ9mjjW2WTFtW' +
    'yoJPzfVJlGxIcV+fkkyfUdkiXoGquJNSpTq61e8iRDMZEojQ+Ielc09GKFDHyyHkvJg839VTbPdSvBph8JUisAiHt7yKKg/q' +
    'X3xPsgcQLLIyxJQAOwuGeGo23gvXeeO6+AdM3SwV',
  motion_blur:
    'eNpjYBg8gJERtxwHv4y+ubY8HzsTE4Yybimj0My+jfvm18X4u7k4WunLssPlmDkE5QO6r77+9u3V4xvXLp05srEvzpgHoZdH' +
    '1dI9tHrmhm07jp6/d3pNX5QCmuEsQhJqeh5RUXHZzcES6A5mYuOR1Laz9i3KNWVBl2LmEFa2cgzLr/MTRtfGzMYva2jvFNpc' +
    '4ciFJgfUJqRo5hheWufJh2EbC5eoqoVjaFWaLiOmbUIKpuZOcUXuvBgmsgvIGdnZB1ekaKFLMbHySOo4OoWXVbnwopvIyi2u' +
    '5WwXkNWdoIYuxcTKJ63vGJQxsciaAyNEeCV17M08Cpt8hDCczymiYu0aVdAUKo0RIuwCCubeEWV9te486HIsnMKqDmFl05Zh' +
    'yjEwsgNDyz+zfW6xDSfWdCPmVZ1jwjI40jAoTEVV9Pixy7HxSWoaOYcGS2JKMXPwS2sZOUX7CmMxkkdczVDPO9QCm5G8EhpG' +
    'DjFRyphSwEBVMDJwDsdIZRBtmpYuYclmTAxY4knO0DYoI9sImysF5Qxs/YvTdDG1sfFJaZta+KejJwqQHIeggrFdQEaaIUbQ' +
    'gVypaOocXoKeBCEeF1MztQvNxxIooExvZOGemIbhSoiRZh5xRXGq2KJHTM3GLaosWhGLx4FZ1iE0u8qLH5uRyhbOUWX1mHKM' +
    'LNziGnZeCQ2ZBphxzswpKKfvktwYJoMjwaj5hWszMQxTgDunMLKwsXPxCglwM2GmCFY2LlENl/DY5PRYLwMZLkakGGJl45HQ' +
    '8QnLnnft1+cXt85vqTMXYoYZyM4nY+Tll96z48jeY6cvP3pyfVO+OStUjktExTE4q33WzMY0bze3yKrJi7riVeFyqtbhxV0z' +
    'c0y5OATkzd1DC1qyDGFFj7CKVUzN9EoXLnY+aSOf4MLeGTA5BiYuMY2A1hWTIlUkdV0D/TLbFk5EJDhmXmnD5AnrupIc/UPT' +
    'OxYunZqhz4rwOp+MacWGW3vaI4s6Fs5tD1VmhnuPDVQQhtSuu3hg8aL57WGKUN8xsLEBa0cTr8jIrIl7z26ZV+MpwoyoG8U0' +
    'HAKCYkpm77/x8sHJ3jDkklfbMzgis3PJ+h27ts6ZMH1BmR1SOanpUb7o0o2Lp1fXJ8bXzV1c54FUPwipxy2+9/vTxY2LNu3b' +
    'vXxegQUzkqGsvGbV+588f3rn7Lal80ps2dEikFXaKqG0pbW11E+BmWEUEJVRmDl4OJgZsGcXRlY+JcvAMHMRrNJMfGqeZau2' +
    'FclhN5dbJXzWvulWHFjzIK+UhmddlR0barXBwcnGzMTKziut5Z3oJYDiSF4+MTVbXw8jRUVtfTMfGeRMy8EtZR5T1Tprx+7e' +
    'IF0bW6Sqmo2DXVDZ1MouZdLKI9d2d0apI1nHCcyZplZqTgEOjqn9G0/MsEFKTOz88oau1gEhajpuoTHtW3cv9ES0DdiEpVTN' +
    'vFJctGx87ANqk4P7pnvAbWThkdOxSUt2cfIwcsh0VNBxbuq1Zof7WVDZIn3V/CRbt3gLbk4ZXefGNkQdyMijYJ7RU5qYbcnG' +
    'wMwlb+zT2aHLhFSasepFu0kyg0KCS1rbp7/LiBElrBmhNK+CnkdduQ72ck9AQSekPUkSezrgVjCMrfYRxplMdOJN8CQiGiVO' +
    'ADj/KqA=',
  shear:
    'eNpjYBgyQC8zPkpDjAmrXNC+a+e2TKtIg4A4c14kObEF+zcdufny7pV79+7dvnpnny+yRkUnU+fE3s3zN+3Zs33Rwz/zFdBN' +
    'ZpFUkjAw0NMs+LjDBIfDWPJ+7RLGIScy49t0RRxyMnN/HVLC5dkLfzL5cciZbHpazo5DjufA10BGHHI2u68Hs+HQFnHjog8O' +
    'bZyd788ZsmCVYjRZ+XadGXZtjEqPvk/DESzsHufupQhglxPMfXfeDYcXuLq//nNjxS6nPP/nn0kS2OUEuv/9OIgrqKPu3PXl' +
    'YqRPGmbWPxGEU9LkeJc0LjnVeRtxJTEGyV17cCUVBuXFaw1xyQlPu6KMS45z5V0bJhxyQjXv2nB6IvXXOlZc+ST6Qr8srnQb' +
    '93wpGy4zk57swJWHGFxP7TLFIcUoeeemAC59NgdO2uMMtBVP8nF6cPm3Sj4cUnwN35bhClH2rN+3VXHIMRU/PmmBIwUyu946' +
    '4IjLLSzTpojSKeXSG4grKXPjCC3prG07V3d3d9cHK6InGdaMPd///n376tWrq5vbJVCCht99xbv35/asWrxi0dY7rxfoIMvx' +
    '5j39db3Iw0nVRE839dSXuShmZjz8u0SLGVKaT3pzF6UW0F/3d4MUJJ4MFn9/WYtaKT392wTyA7ucz7O/7ztQi1C/E++aJZnZ' +
    '1atu/vl6KIATNVpNTn9ZLWaY9/73pxN5XOipWmTDl+uPv/x+N1OPEyPu1aa8+/3r8wZPWfQCjdGq68zDn//+/e7kR8vWPM49' +
    '++58vbemacenx+Go4SldsfrWtzcbcpzNyt/9PYGWBWue/fn7rCshvnjdh78f7VDzvHzd7V+fz2w5euPD3x/7vdHqDrbQuccu' +
    'AWPo9YsjLZhlGo91ZE1XV3dXiiIzwyhAJHomnPlcIHROlS4uWb2Vt/ZXymEvyTm0o9r3bvTCVeyyWW29pYHTQRoH6sSwlFYC' +
    'avoq/Oxh6zDLViZhl84dawqsvS6pYjiWx33jnTNHb7+4ucsLw6lCKXMyxRlFCv59mK+ALql3PFcYKOZ+78nHx2FoGcXnUDMP' +
    'MAnXXe5zmXZ/oihqMbG+homBUfboTStWQd+HG8RRJM1nZooo1xxsVmFiYLNevcMROR2ymq1c3XhotxvILmbltjPRKGnb7MiR' +
    'ZQUSEEfy1p1tRy6bmY2zguRgqgXDty8xQg4FViRLmFR3HNfCGe5aC1bjTiWSTfiSEC3SJQCYk0Qg',
  scale:
    'eNpjYBgFNnsWBajxgQAPE7pc7LZ1559ff/To/p2rduhyzBzs3IYaAQFunX/dcJkteHgVOy65km9OuKQMfk5kwSHFWPrBFJc2' +
    'xcsLcUmxr7orhcvEaV9zcGnTubdaCJfcgr8muKRcf/xQxyVX8LmMezTR0Q/If8YZTQw+z/hxSXGta8Nt5BklnHK+TxlxyvXt' +
    'xSmlfCMGp1zmC5w+YFuxiwtn2n1Ug9NIlw9BOOVqcadr5mMHmHA65ZjLaGIb9ICdC1fByiA7c/O01tYkOcwYZhK78uvLp08f' +
    'vr3zwiyqb39pc9DSU/O8cgKzGPy6Flz6O3y8gyGndPaGNrB+CHn6pQNL0n2wh1vvyKcX1diyZ/LXx9+uThDBkjp959/48++A' +
    'FKYHhDJe/no/1fveLzFMXct//t4UGTvv11dFTDm1c/++f/3x92chtjzN7Z3f0trqwDyaqIYwwF1YM4RNMMQp57j/WQbOkpDB' +
    '7oYebgt7c7HmS9fZe6fELZfAJuc2I9Aw7fsZcSxSlnfkGdgSn564bYLpkZJWJgavK+6i+ftlMeQUzhsHnXMG5uzKG5hZLPDc' +
    '2gBQquactA6jzcQkygGxibVqD+6wE13VwoVb8owr7kBnYhxSyQcA77iTUA==',
  rotate:
    'eNpjYBjEgE2CFYeMcsGaVhusMvY9p25+e5GFLszHwxe94vLLb5NufMniQJbgcMlMnH3k4rsH0z01Zz5LZ0LIMJtvOvTkw6NP' +
    'G1PtlDkld/4NQNaX9+LipPpMex12IFv+8JckNiQ5k5wweWYGFjDb8vx1DRSHCCDMt3l3UYsRhwf9zm9RxCHFaHj7MDOuIAt+' +
    'OFcKhxRP9dfZbDjkhFb9beDBFdbHXiXh0Mfo8+qBCS5nqrxdIYdDjrv58yZlHHIiPf9+2uOwT3jL70+VfNjl1Bb+Pa+Fy77q' +
    'r618uIJMRYj6CRenjMjUdJxxp3amVxyXnPq8LbhtW7NBGpec9LLVSjjd0nmNG6ehK+4F4JLirnk/DadbEr/W8uOSDL3QzIJD' +
    'iiPy1XKcbol+tAinJ9zPbObElQKlnx6TxaXP+MipIJwRseJtFBMuyTU/mmRwSHE2/N7MhUuu+Nd2XPoYy18vwJVrmW2OV+MK' +
    'NAZmdYbhAPgFWLB5EVg2ujY2TphkjCHDp6ibvPn2q9/vv+wxQ5Piil73+/HnB9PrZ19504cWWl6P//492RCowa1//c9BCdRC' +
    'YMWfm5PCQWJB9/8uUUCWYvJ7+qcdXBjz1H99V4xSe6hs/X7PHZSh+TL+fVqthJJozHb+PQUuAK32/95iieoU3p6vf6c68bGr' +
    'TPpyPQi9tHCZc+PzyR7bJf92u2CUFawiwcefvX/y5X0ZtvKMTbT97d+/T5p4sWb3aV//vfjxK08MU8pqy/cDSdM+/90hgJkX' +
    '5r+7kaDa/+vvQkE0GSaXQ78Om7hM//TvQzSaFxglln76uiB/w7Pf92rQM4TZtm9/311+/OXh+XoFdMu05r/89u/qxU1J2Ipk' +
    '2Yj8xBgLXGmIhYNhFGDJQ8x6psxCLFibGdLL7xw4OSUNa/WnkrOos+XCE3dsDTBWQUYGPvP1s3DVtgxMIVslscsoaAtmbNHG' +
    'ZqhG3ZpN9x9d6UxQxSjO+atOX+jp/vvi2/2LBRbcKHlMMPdaITOz5/WpLnkzzu+bZciG5FHFjipZRp78axGsLMLKreePzA5X' +
    'gct6TtVhYBBddUcaKMLIY1m+9NEOd6i93DnnBRgZdHcV8kALIdGkbTtnQPVNXWrAJda6XwdR3Cgmn4Iy7ZrXpGV+moqcTRjh' +
    '1Y9845WT09RwVP3iHkWquKOQlWkQpy8AbREs+w==',
  brightness:
    'eNrtls1rwkAQxf/1JQQRCSEEEfEgRUIQEU8iIlIklCIiUkRKESmlBylFPORQpBRfNzFiks3bU3voxxyM2V9msruZnTdC/BZb' +
    'ARh7xQxZ66dZEE7DNFScncAOgmBUBV7Zu5eAS1ANWDI3+bYuQSPgWuNmElQGRsztWLC2xGbAkCAX1M2QqEWYD8wJagKhZml9' +
    'gsYadpCszZn7c7LYx46ye55Jgn9b0dWwFc8yGbLC0JUm5KOG8aQQQ6DM2Ic25B1DdY3bQRtSxwLBEzTQhDQIqgAH5mZqvsEf' +
    't06vx2rg7lzKJ5ZaHi9Wz6BBNHQ8jjerG0UFogGXJIe8dy5VNMtegO3pX0tVlqRk+QVziYtuuTWNkaXo0XkBjrr2bQzmio+4' +
    'TXze8qBxGg8n8qdapJo9q7SGog8x2hxPj9hcblV9aCRq+27/J/HXmWlQNAeeDF7IAZ+6yqxpCN70TPl8Cmta9OlnTqdAqq1n' +
    '2n6JBdAUJbkKeVG6pFl0eYgcB0oSRqdAnqHaQmkOYpFtxsfOy4ftS42SJznuJL18/Y2nmGyJl1MsS+6zndq5UqbypO/aXA2E' +
    'WGPPt3XP1S5qx7ijYX5P3n0CRwbdjA==',
  translate:
    'eNrt1l1IU1EcAPDb5tesaVMsdTDDxiisfDHM1D5c2GpNqAlRIX08CIUVbA8lRZtBBbl6sxE9rA+S2F6EIlIfIoQtWtu0IYt0' +
    'uuFW9rHYLHM2z3/dfQS79/p/C1/yD9s9l9/93/+5h3vPORS15NHabzI2SBe3CaAjYk2HuSbT5BqF5tEU+OkrfgcBDJxkUVOB' +
    'XC6vL/kGZ7DaajJShNCaz3E1ltYF3zchVD8PO7C0azCYjZDAEd2OpV2B5xgpY+E6hIq90IsQ3w5j6xGTAagQqvCBdgX6aFCD' +
    'UOMMbp0AYxtQcxVRy/GPQwZnUTu8cAi1GxGUNv+8g3/csBO1N5MrMVoH79G04zCEmgF9eam6kCMPs8vxx+gtLXAQo9JpD5p2' +
    'EUyoGeE2agFowqgxhtstcPARyvdAJ5aWbe3LX+IXsKq6GpsDO+YJGXa5XD27hWx6AYSQ1G+0jEG1dgCbTtfQ1rrHOAEPGHaT' +
    'EFtxun2PuNkmSjf3R1h2mpD2VKsySMh9Zl96IJiYsmR36YXnWRlr0rWCS1Cp+EqIr1vIWY/cxBMG8kUv4j57O12HBFScHKrZ' +
    'DMm4wIbyqx/p8ejX7nKTaAmTeqcJmXu4RZh7bJbANqbp6Trv2nSmt4l6hax7Xo9APFUuUMnpiVhrcDqdLuelwuVZ9P+LLD5K' +
    'B0IfTvKwibzbt/BKhqY2h2bEKKpjCrw/o4vNaWJNn0m5usrP3VIIT4UjXj8EX5u5WS1P9BIqRwUwUMHZzYWVicMRGI9+qmWZ' +
    'zZH4WvcFHGtbvL9YFS0d9J9karyUoqRej4RhWydVlNJjT+54aWSugV3EMuctT7WlkaeCTFv1cuREwd+TvT+GczMxLyfjZOPs' +
    'AA8duaOxc/iwno+hqx3FH/Lhibys5OEP0DQtxQ==',
  stripe:
    'eNrt1ltIU3EYAPDj8ZIzN7NhSsKmS4aktZdATa1wZdacUA5CwqwIIbCXLajRZfogQVnUg42eBoURG4RPkRWFFDNc2zKpRTrc' +
    'cLPrYhums/n/1nEz2Dln31s+DPpgT7/D+X+3nXNisXhQrIixIk3MMmIyNlSktnJgImRdDbMt2Z5pW7T3ZsHLXPHbD6DjnVfY' +
    'JFIqlfVFP2AQy6WdTAQQ2/Q11o7V0Ac/qxGrX4JdWO398DQbMYE9shPr2WV4hPVTFQ3WISZ2w31kDpk2mNqCmBxAjcxP6gFd' +
    'BmL9ADuQuTeGcdMDTFWi5tyYPnsthzOoHVk+jNqVEHrPbfO3UdPAbtTGZ9ZjVgYf0Rq64CVqA4mlSGV1AXsuZhdjQ2jPLHAI' +
    's5IvLrTX58GEmhFuoOaDJswao7hdB3smYnku0GM7kW0dzkvnZ/IaWpVCgZigZ4mQt06nc/B5mGOCx0AIif/orXMsq7EBjBkM' +
    'DZ2avcbyjGMsu0rImHg1l1N0NdcKV+mgiGOnCelOkMxP013sXAbBv/LIkt8ByFCxc6HEVnAKZC3fCfGcDfPeR5PEFQTyrbeQ' +
    'X3u3n6nNpxby+tJshnic4/bMf2mO6ceIbs8kiRSxraOYJot3twvXHf1FoJZtBpom7zoNpjcr5xVw7qkXQSxxnE/Gm5FPN+Bw' +
    'OJyOCwX/9/rfWVYmaq2BTydoxMqueZZH5eh5zYFwKZpLe7QFz/O9PoWVaodNqg1V3kqeCU8GQ24v+F+b+bm0PeiVUDlqgCdS' +
    'rr0Kqlau74DpyOcajtXamX8BdcBnL25zL1SyTdPDkGR2uoSiKtwuCcvGZ9SUymWLf0kyOM/CPmJZdG9OlFgRal1ItvwXE8dF' +
    'f+vfn6+IJNeem5M0vw95+wg626GsW/jcb2Y9RG25QYrvC4muzQ7+ATDH/3w=',
  fog:
    'eNolVmlTG1cW/SHzZSozMUYCAwa0r61WL+qW1C31vmjfV8AGSQhDjNkEGHsqdjY7yaTsSmqqUpmafzjnyY/uRv3uu9vrd8+5' +
    'f/v7V/9cWVl9vLKy4l1fW3+yvvXU5/f5/b6AP/DVP75+tOJZXfV4PN4nG1tbW7v+YCgYDPoDweDXj76Gmte77vVubG/v7PoC' +
    '4UgkHAoHg5GIx/N4ZdWztra+vrG1g8WYjsXjsWg0GoturHtWPevE09NtXzAYjUdj8WQikUwmkrHNDWhsbG5sbj71+0MxMomb' +
    'omiKSmxvbW5ubm1tP93Z9YejsSSNQaVSaSaVovy+XYQg1EouS0USSUwyaYZlWJah6WjQv7uzuzeZTeezg/3nk8lkOnmuZSBj' +
    'UrFIOOALZHTRaB59M3t1cXn1zfXNgOehy8RjsXAwFAqHI7F0kVE1QxMvFjWOZ9Isi1CRayQSicUpeMNqZ3Ga53jiMknFE7FE' +
    'Ih5NIHAqxbD5V4uywGd4jmEQbwJ5kpQohM/yvcWFJggZYpVJ03SKSlDkmWY43rq5tSGCHs/wGZZIU2lyp7nM8O5FVhR4lmM5' +
    'Jp8TeZZNLwed5rPn96VsXuBY2OBy+ZzAczCNgdfe3ZzMcBz02Dx+ZTiWxQse1tWVKcKmgNUsl88LAhSXUl54cbXPCRDxLFLn' +
    'pWwmA0Wyw3z2+PJFjhNIBvDHc9mlRZILwxavLg2Oz4gZxIJtgZIAJTpNM6z08rKGcHhRzPAkQWhhDWQw37+5Vsi3wXoehkUR' +
    'llkaGbCscX13U0xR9NKaKIq5HCKCGsMwXPv25lRKpWiGQ3DZXDYvZRDE0h/XvZkLOAjQQwwiRDIJn2xKikQBByma5fhsNpeT' +
    'JJnNiDlJLirki+uaUiwUFUUpSJJUUDQR2gVMaLquqapaKJKXglyQ5aKOnZWLBXU5oAGRJOOfgiW6hAcMwZKqqJBAAQ8IFU0j' +
    's8WiTDwqiixJ5pu+LJGVqqGrSztwoBSISGq9bZF4VMMwTI24lzGKspTP5+XnD4hLUw0TQugR98iUaMnO6yOSjmlZFsQaIpYh' +
    'hGJeLjReV1XdMi3HxcMyDZIVBsm7cHGnaqZp27bjOJZrW1BVlukVFPfbe6hZjm1bjuOWXdtGQNgTDWP43bVuQgd6bqlSLZVg' +
    'GrloCFo//r5vkXnXcSCqVMolxybZWLbZefd6qeKWSuVKpVZv1CoVOMVyyzr+8IqEYbtlCKvNTrterZZggzi5/HEMZ1Arl8vV' +
    'RrsPYQWmS6WSU373xrK+CCrVeqvV73ZajVoNwrI7+3BuE18VvNcbzfaw1243W81arVwqX/78Eivccr3WqDda7fZw0O102u1G' +
    'vV6rffztoFoplxFgswVRZ2/Y78Fns15vHHz6tJRB1Iak0x2Phr0uFJvN5uLz941qtYa02q1Wp91qj4bDQa+DVe3ux8+vIKt/' +
    'MUhsjkaDQZ9odjrfv203atVGg9iDpU53NBz1u/0upJ1Ws4mQWpjskrW9/giK/T6uXo/MtPDXwe8e5gZ7o+FgMBoPB31c/T50' +
    'Ol0sHZI49vfGo9F4vAd9hDwgFvrD4RiToxEj4GBrpmNVW73hwez06uXpyfx4Njs8Opqh1sQ8OY9urdMbP5ufnM7ns+PJ0WRy' +
    'NGN5FoWULRatSqM9HD9bAu/saHp4dDwFYqEQUUtmuQare/sA5ulsOp1Mp9NsBkDCZ3KyCaNdhD4a7sHibH4yOxIFABIqXNbs' +
    'an24f9DtjcbPnk+ns5PpFFjCsTwv5hW7NP/3r7989+Ovn95dzpaKORFMgBLPFc2bDz///OGXT3/8+df//nMymc3muS/4yAnu' +
    '+Xc/3k9nrcn85P0f//04m0yPGQ5wBdDmRrcPl6aimeV6t/f+r9+fHR4dJik6mU7Ek3Rv8booFXTTKtVPfv/zt73RwQFoATgP' +
    '/qos7jqSjKp02j99/vy20xsMwRpRXPFoanR7baNSy2c/ffz1oVuFMAiqjIYj4QQtzu/OFbtx/+0P355VcRBbHZDyLiHfWCol' +
    'nD1cLW7f3D1zULZOtdEBYW7u7OwGw0mqer64v31VAoToKF232nq85vWube4ExfbLi7vFYlHnBEkhhWpWW6D2tXWfuj+dn+1V' +
    '1dnleVYgAIcP6lQfP37kMTrj55NaJs0YL87OFQH4qAJjDHf10ao3Oxjt9+VS7/nZycmMY0UxX5CAaKp39ZHXk+3uHUxOTs9f' +
    'zA/TSXwUQcwBb7RVj3ftyVZQMgfj0f7IjEVjBPKz2aysqKveJ1s727v+gN/vD4dDaAwSgHNySvIF79rG1vZuIAAqR5sBSo4S' +
    'jgdFZHOy58nmdgjdSijo8/lChLEpECvH0aCB9a1tfyAUCobDXzYvHIlTaUJ3XEbc2AkEIiFYi0T8/gCaHTgER6Rxhrinu2Q+' +
    'FA6FIqGg3+fbDaF1oYgqz+Uk5FIs6gbIoZATM4SACHmDhJg8kBiwTuihmBc5QpI0yAWxcoxclAiuKpqhyiIIiNAWSJ1Og4xV' +
    'QgTQA37LOYH9wmkpKgVe53TNNCxdw13IC1kBZEV6HopCR5DWgLMAdNMyFRn8k+EQIU2jAQITarpBYNt2DKN9d9nOLruhBA4l' +
    'Wo+iZtgl4CkQ3TlcPMwL2JNUMkG2nNEM3aq4lkOIQpXL19cSokhS0VAsxRgG0L7kOKZt6Loi1W9t5JCKR8IxijENGyLAOZwa' +
    '4MtXXeSYSsQiMTplGGACF3d9cvGiWbQuFJ5nKeKQpk1gP2C8Mvvh/Zs3727OjoAMPIvWLI4cLBM5uOPLedUw2/96ONVzaF/o' +
    'RBwp6qg41x38MLYtXe+/Xzzcl6WcgA4JhanqJrji4W0ZnNV7uHW7929cWeTSVDKZUjSSwtUhCKv09sHV7er9rZUVWZRyoqiD' +
    '0dzuu7HRe31XNcFalfsrSUCZx2KSaqGe7PlPF+/flsBY2IHS3SzHoNOL5MGFIIzK7f2+Y1imbmDvGndnXDIeieRU06nUKmUH' +
    'HImhq6pekK3FEYVClxXLLYOOQEOua5umruuFQr566WJL84rllGtNgH/ZRcA4AqosZYX6y2I0ktXsSgWcBfwHDxKC1cD3QuZw' +
    'lojlNNut15rtHmS1aq1Ud/EdpQzP4zvJqmmXaq0uoStCVCUHBxX9HD4w/OmOCxmhwRqhWctQJRENKJ0MoQ0gsla31WrUkQq2' +
    'tSihe2PpROj/ooUdmw==',
  spatter:
    'eNqtVl9sFEUYX1sQT1PkT1CgSSHYNBg0JL2ZndnZvevZg97Rc7HttdZWCmIJiQY1KQ+GaARN0ER5ReITGiMx8EKiMQpPhOQw' +
    'aepBGnIJcNiGNqJQ0oJoSZkPd9m9u5ntzvHiJJedmd99f+b7fvN9o2nSwMzE3oxYMRnSogZD3owyGsA0YkQffhFB4jZyd3Xd' +
    'XyBZgrgG/b2obMkgKIr0qBYyiLONCEXB/e5fjh6JNzrClJEgdhWcMZPL5ey03Zc7Lskmh9JD316D8cFs57ZJgEPzDC5tXZxI' +
    'JMwVN+FtHOKRu5XlF5YhXIqhpP6ZPx9kK8eT/f4Ybr0gBkTAzHsQF41gYXEQTi/UwkdkZDaugLSP4CcVlJmbNhTQ8iIcq9BD' +
    '+lftMFx+rrzSmYg1Adgir4T5mjHY+5jC2kEApIBit9XYPoDL65VYflmZjmh+gkrem8x1kumacmDt/x8ioRDRnbi9E/o/alKt' +
    '935XKGY42Gcz4foJoy/+/aXCNiFJaFE41ox7tj+l8nrtzl7liXaAGjskkUI+xNTIEyrswwffKVWegE6p4AjzldcLobHGWNdT' +
    'PVtwaGodIiTbkkJ9QwKviZVsbREwagk6WtqSLbqYMQGz7c1MSDUSbD9Z6ElSxeEW5rL0UazDVRhbKSnUCDIbl0tRLBYzA1Z0' +
    '9Gjq0iqsNqpgelWlUTVmMaqX/dywcaOIxWMm82Uje+5xfj6fzx9+qc6TM5nhYZGfgXPu/S6u8riAddLshmoY4Nz+/dZA96Yj' +
    'V+Ebqe5+zvm55f4V7eCjEp8cbKmf1MRABXs43uJ8t8/uzgH+tXyawzDplqymr3Zl+39cFSi6OchH1qVv8O12qq7SSP1+NMoL' +
    '08D/Sll+SoWA7p50zjZh1xEzkO5Ex6DbA+F9t4iL/XH1J33Zrr7uvYlRPrtC7jPHru969ZVUjC56/S6HQLYP8MH+jtZN6ddc' +
    'e08HEvXp4I7+zvbMNoCJdQKnvE99Ot2+uS372weiFCnfPitm6eFll1hOkgO8LNPbESPh5RoZpknDuYt0QoOEw4bllUaM5PdK' +
    'M3F8k5urE2X1PaGG+ubKKZj3zFLekGhJKQrqXlBbjgWmsvzLU5d21pTi5ZyYCLJrvxi7f6apop7JWtumbteXzx8MYnYurb6r' +
    'F/eFbNYPnTyaWbJhfP28RNW9OT1THIfJX48HA4W1rd8faNAetwFOrQm8Vak5nXFnfXBl9g8pooix3hH35myZGHl2a/EfySJl' +
    '9h7n03DtykpNaywWGqTKF//d1jKF4UZ34YBSD0Tt/MS/xdXeonHmh4jkT1fvG4tLi9Sd84skteLD7/m7p2okUExY/9y7cikW' +
    'CfrenNTtpJdM7dmxkG7nk7hmQRgNq1RbzNT1HZtmKdr/ARKWTIs=',
  dotted_line:
    'eNrtll1IVEEUgA9uamZqJkYpaGwiRlYvSZllpWGWaZiCVIjVQ1CUgWElSZZQYVo+uRIZlpGYIgj9oAZGCLqxretPslFuurhb' +
    '9uPibonWOmea/XHdu/dOT9VDeGDunDvfPTPnzpw5MwD/i2S31VZviZJm75GJucspjRvcWXJBasH9UdSzL34aEStExsFJgcnJ' +
    'yQmhX/EEb+ws0reUg5Z9olk8s8toiuWghB+YyDO7gs+8595qctyQn3p6s9ur3gLg6uYiPnXvJa4UwPjIoadZJ+I9R1GoAery' +
    'IESH9WIXAgGGpmQq+m6VpIexxdFIKcf9yBGkLwEajkn+Gm6QAWitAPs80FYLY6yWFwKYOoSsCPFdjFMv6wRoFjCNYG36fxND' +
    'y/9xzMpELdF4yqkpRSxnZj97JioAWkXsmtn2NBolBln7XZHPDBRS8XQWt1GltG8KOuyfL5MALN4ofSNp08ri7Q52itrlLNaU' +
    'rFRguohpLfZ5iB9XLxQO08BixBHbxfSB0MaidalNmClkpXLXao5puTN/Hmu5rBpvcpkBk3hoq5XPbqBaxkGLtFjEM/PualkE' +
    '8yIla9av5xC/kz8I6dVoNFU7AjxRKxJCHGVwhQBtVCF2l5Rsyc3eWf0e7wnYdUK6Q5z6bTLgyYKd6h6zBztOiDPJyY2E3BX6' +
    'UoVGW8qKvsUOnscrhPkupAs1fvLUL5SOlD9kOdrkbrh6gFCKrASDnuXostn9wvJiBzWydkP6k0qW3wMd7XVs71usKY3MhuXk' +
    'cwIfhpQQZuuLtJ3ZPkCmQwU5XFY/RshU3boA30OTBDcJvb/E5rA/t6T2FasNQR7TfNWMFO1ikIuWJ/xMRU9Pj6bnQtB8EP85' +
    'WSDjor3jb494cdjK8pGZF9Fc05RxSzgXZllT+f4MSuW08IKW2rQla/QxIhJwdMKs06NR2Tg39qyS0XApAnzSEdsj7YdBDcDn' +
    '2VvSRJqtOkDp9MdhduxM6QEqnaxbHQD7Cncb6EyGjn4AyIubO3RtdxMTHR1SKSCKaiNcYzYrbSwdXlOV/SYZpdP6u+4NbB/l' +
    'NJOmKV2YoyHK/MjP/d6w+Hnf4cDZr3d96/V1/8GFPu47eLLdiztzB635/Gk9bc3kXyY6R/iGXgv+Ttz9AkTxeLU=',
  zigzag:
    'eNrtlnlIlEEUwKfsUrNS6bRWM5Giw6CgQyvSCrukUokiiwqCojZSLERLo5O0/gm1MrCSDqxEKsoyuiSVNl2zbCuP1totOix3' +
    '0W23bd5r9tvZ2/mv/ih8sN+bN7958+ab772ZJeR/kYTbhflRYV2zFmCiq+RSPNWZxSTHJhe9h1Y24qcWIMfD2T96QExMTOTg' +
    'r7BFFDuePgsQoCGfMF7kthe+TXDrauY60gSzHb1yyyMNE63WAyjv7WDoQ2SXjY/0kjEfjTOdZpMrNja8WE/2l7N2OiJyD65M' +
    'xSOZqkwdfRWxHdey9px7nL3bxce8/IBwIdhASMaHir2lUt90W+ArGmgcQzI0JYZcQupcXmNnOMBSy5h6y7SBLixYDSk9mL44' +
    '1HNHDgBMFWzWLL2YpQE0jhUyZcC/k8XhsE3IVv5aIWSHdEI0sSNPXDQwR8ievPWVdKonCsFXPAcOe7B1PM3i8Luj89o4SeUg' +
    'Fnoz3TZlmVMCN25lzxmIaS2KeHLziNNcUaYiOONL6vE8mXyz3axwrgfNfLK9+Wki4nJmHMR+9unODSjOZ3rSDUSV1HPLUQ9N' +
    '2MBHQaH7wiegzNrIh2Meb5XOtQaiRfs1yyxmR6HGS4B8VJAmcutdWepDuqUrGR8RISDeW02U1imVyty5fu6oDCil1l/DcBc0' +
    'TQFQlZkZlZQwL78FzrqwI5RW2c6wAvrcnfnz5iKdG9tM6SZrK1RL6RnXteSC1nJkhZ9kF88N17WQwEpQeofGfqFUne36Dizz' +
    '/Z9TVTvSz1n+tpuBI5STTSwOYrmf1bbXihxZMbA4iFqU86FSFcjJYQbYzZBSgmjcx2wbYg0m9Me505jKNExnAOWOWEhpfVKm' +
    'ZQjVDCROiMGDOpCiAWhCXdfIJCglp7a2VlmbPrA7if+c9PISoiVtb9b3FLCQbPWvh+FC1wVt+iAhjDfHitfT0NWZFpRcWrh4' +
    '0PhWz6vab0O7rrkVtNXFnl5xl7JkpM9SgDvBku10cEfiYotaBWj8OE36o+c4gauwgD0XamqM+NVgiXjqo51dxi+niex907BX' +
    '9/SokpGV9Li9Viowr7VDpQh7XEKuUVTF6XfwG2M32fP5OlUjjii7y+zzLPezbRlvMHXG9r//LOs1VksdJxDr+nKYhGsI6deH' +
    'eCP/Rjiu847tg9zmepR9bavNcvG2bjcvFzKvCrXYsWevv5N3vwFeJsRW',
  canny_edges:
    'eNrtlksOwyAMRLn/pV8jhY8FY6O6WdCqKMmCwcYx4zGlfNfAR7ieNiKrCZ6Ws/rtLgmiIgGdYrbz+LCZD20SmdmtCDqcS+IL' +
    'IiJ4goAbTjztMlkLv+0yewblPO4eU0NS6JssOcmzExN4C7xWevryVfLMhMQYzpV41u0QWmdMpXqAxxYHQWkPboRDcgWGMcY9' +
    'AaXKd4Z9Vf5TPlkOUU8h7KrRSbzfjvDaGOD5bCGgyeTVwqghlnru5bf+IqWur19E0dp3Yf2Ia7mA2qAD5YnSmmsx0dUhvHJ8' +
    'NF7L7jvT',
} as const;
